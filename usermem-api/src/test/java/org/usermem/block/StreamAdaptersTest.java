package org.usermem.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class StreamAdaptersTest {

  /** Gives the pieces one a call, and then an error, or the end if there is none. */
  private static InputStream pieces(String message, String... pieces) {
    return new InputStream() {
      private int next;

      @Override
      public int read() {
        throw new AssertionError("one byte at a time");
      }

      @Override
      public int read(byte[] dst, int offset, int byteCount) throws IOException {
        if (next == pieces.length) {
          if (message.isEmpty()) {
            return -1;
          }
          throw new IOException(message);
        }
        byte[] piece = Blocks.bytes(pieces[next++]);
        System.arraycopy(piece, 0, dst, offset, piece.length);
        return piece.length;
      }
    };
  }

  @Test
  void aStreamFillsAllBlocks() {
    BlockSeq dst = Blocks.of("...", "...");
    BlockReader reader = BlockReaders.from(new ByteArrayInputStream(Blocks.bytes("foobarbaz")));
    assertEquals(6, reader.readToBlocks(dst));
    assertEquals("foobar", Blocks.text(dst));
    assertEquals(3, reader.readToBlocks(dst));
    assertEquals("bazbar", Blocks.text(dst));
    assertEquals(0, reader.readToBlocks(dst));
    assertEquals(0, reader.readToBlocks(BlockSeq.empty()));
  }

  @Test
  void aShortReadOfAStreamEndsTheTransfer() {
    BlockSeq dst = Blocks.of("...", "...");
    BlockReader reader = BlockReaders.from(pieces("", "foo", "b", "ar"));
    assertEquals(4, reader.readToBlocks(dst));
    assertEquals("foob..", Blocks.text(dst));
    assertEquals(2, reader.readToBlocks(dst));
  }

  @Test
  void anErrorOfAStreamAfterSomeBytesGivesTheirNumber() {
    BlockSeq dst = Blocks.of("...", "...");
    BlockReader reader = BlockReaders.from(pieces("No space left on device", "foo"));
    assertEquals(3, reader.readToBlocks(dst));
    LinuxException e = assertThrows(LinuxException.class, () -> reader.readToBlocks(dst));
    assertSame(Errno.ENOSPC, e.errno());
  }

  @Test
  void aLongBlockPassesThroughASmallBuffer() throws IOException {
    byte[] bytes = new byte[3 * StreamBlockReader.BUFFER_SIZE + 5];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    byte[] dst = new byte[bytes.length];
    BlockReader reader = BlockReaders.from(new ByteArrayInputStream(bytes));
    assertEquals(dst.length, reader.readToBlocks(BlockSeq.of(MemorySegment.ofArray(dst))));
    assertArrayEquals(bytes, dst);

    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      BlockWriter writer = BlockWriters.to(out);
      assertEquals(bytes.length, writer.writeFromBlocks(BlockSeq.of(MemorySegment.ofArray(bytes))));
      assertArrayEquals(bytes, out.toByteArray());
    }
  }

  @Test
  void allBlocksAreWrittenToAStream() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(6, BlockWriters.to(out).writeFromBlocks(Blocks.of("foo", "", "bar")));
    assertEquals("foobar", out.toString(StandardCharsets.ISO_8859_1));
    assertEquals(0, BlockWriters.to(out).writeFromBlocks(BlockSeq.empty()));
  }

  @Test
  void readOnlyBlocksCanBeWrittenToAStream() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(3, BlockWriters.to(out).writeFromBlocks(Blocks.of("foo").asReadOnly()));
    assertArrayEquals(Blocks.bytes("foo"), out.toByteArray());
  }

  @Test
  void anErrorOfAnOutputStreamDoesNotCountTheFailedWrite() {
    OutputStream out =
        new OutputStream() {
          private int room = 4;

          @Override
          public void write(int b) throws IOException {
            if (room-- == 0) {
              throw new IOException("Broken pipe");
            }
          }
        };
    BlockWriter writer = BlockWriters.to(out);
    assertEquals(3, writer.writeFromBlocks(Blocks.of("foo", "bar")));
    LinuxException e =
        assertThrows(
            LinuxException.class,
            () -> BlockWriters.to(failing()).writeFromBlocks(Blocks.of("foo")));
    assertSame(Errno.EPIPE, e.errno());
  }

  private static OutputStream failing() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("Broken pipe");
      }
    };
  }

  @Test
  void aReaderIsAStream() throws IOException {
    InputStream in = BlockReaders.asInputStream(BlockReaders.from(Blocks.of("fo", "ob\u00ff")));
    assertEquals('f', in.read());
    byte[] dst = new byte[5];
    assertEquals(0, in.read(dst, 5, 0));
    assertEquals(2, in.read(dst, 1, 2));
    assertArrayEquals(Blocks.bytes("\0oo\0\0"), dst);
    assertEquals('b', in.read());
    assertEquals(255, in.read());
    assertEquals(-1, in.read());
    assertEquals(-1, in.read(dst, 0, 5));
    assertThrows(IndexOutOfBoundsException.class, () -> in.read(dst, 1, 5));
  }

  @Test
  void anErrorOfAReaderIsTheCauseOfThatOfItsStream() {
    LinuxException cause = LinuxException.of(Errno.EIO);
    InputStream in =
        BlockReaders.asInputStream(
            dst -> {
              throw cause;
            });
    assertSame(cause, assertThrows(IOException.class, in::read).getCause());
  }

  @Test
  void aWriterIsAStreamThatFailsWhenItIsFull() throws IOException {
    BlockSeq room = Blocks.of("..", "..");
    OutputStream out = BlockWriters.asOutputStream(BlockWriters.to(room));
    out.write('a');
    out.write(Blocks.bytes("xbcx"), 1, 2);
    out.write(Blocks.bytes(""), 0, 0);
    IOException e = assertThrows(IOException.class, () -> out.write(Blocks.bytes("de")));
    assertEquals("no room after 1 of 2 bytes", e.getMessage());
    assertEquals("abcd", Blocks.text(room));
  }

  @Test
  void anErrorOfAWriterIsTheCauseOfThatOfItsStream() {
    LinuxException cause = LinuxException.of(Errno.EIO);
    OutputStream out =
        BlockWriters.asOutputStream(
            src -> {
              throw cause;
            });
    assertSame(cause, assertThrows(IOException.class, () -> out.write(1)).getCause());
  }
}
