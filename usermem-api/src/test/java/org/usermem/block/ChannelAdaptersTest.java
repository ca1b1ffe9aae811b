package org.usermem.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class ChannelAdaptersTest {

  /** Every way of reading a file, from its start. */
  private static final List<Function<FileChannel, BlockReader>> READERS =
      List.of(
          channel -> BlockReaders.from((ReadableByteChannel) channel),
          BlockReaders::from,
          channel -> BlockReaders.from(channel, 0));

  /** Every way of writing a file, from its start. */
  private static final List<Function<FileChannel, BlockWriter>> WRITERS =
      List.of(
          channel -> BlockWriters.to((WritableByteChannel) channel),
          BlockWriters::to,
          channel -> BlockWriters.to(channel, 0));

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.write(folder.resolve("file"), Blocks.bytes(text));
  }

  private static void assertErrno(Errno errno, Runnable transfer) {
    assertSame(errno, assertThrows(LinuxException.class, transfer::run).errno());
  }

  /** The text as blocks of every kind of memory: arrays, native, arrays no buffer can share. */
  private static List<BlockSeq> kinds(String... texts) {
    List<BlockSeq> arrays = List.of(Blocks.of(texts));
    BiFunction<String, MemorySegment, MemorySegment> fill =
        (text, memory) -> memory.copyFrom(MemorySegment.ofArray(Blocks.bytes(text)));
    BlockSeq natives =
        BlockSeq.of(
            List.of(texts).stream()
                .map(text -> fill.apply(text, Arena.ofAuto().allocate(text.length())))
                .toList());
    BlockSeq longs =
        BlockSeq.of(
            List.of(texts).stream()
                .map(
                    text ->
                        fill.apply(
                            text,
                            MemorySegment.ofArray(new long[text.length()])
                                .asSlice(0, text.length())))
                .toList());
    BlockSeq mixed = BlockSeq.of(List.of(arrays.getFirst().head(), longs.tail().head()));
    BlockSeq mixedBack = BlockSeq.of(List.of(longs.head(), natives.tail().head()));
    return List.of(arrays.getFirst(), natives, longs, mixed, mixedBack);
  }

  @Test
  void aFileFillsBlocksOfEveryKind() throws IOException {
    Path path = file("foobarbaz");
    for (Function<FileChannel, BlockReader> from : READERS) {
      for (BlockSeq dst : kinds("...", "...")) {
        try (FileChannel channel = FileChannel.open(path)) {
          BlockReader reader = from.apply(channel);
          assertEquals(6, BlockReaders.readFully(reader, dst));
          assertEquals("foobar", Blocks.text(dst));
          assertEquals(3, BlockReaders.readFully(reader, dst));
          assertEquals("bazbar", Blocks.text(dst));
          assertEquals(0, reader.readToBlocks(dst));
          assertEquals(0, reader.readToBlocks(BlockSeq.empty()));
        }
      }
    }
  }

  @Test
  void blocksOfEveryKindAreWrittenToAFile() throws IOException {
    for (Function<FileChannel, BlockWriter> to : WRITERS) {
      for (BlockSeq src : kinds("foo", "bar")) {
        Path path = file("");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          BlockWriter writer = to.apply(channel);
          assertEquals(6, BlockWriters.writeFully(writer, src));
          assertEquals(6, BlockWriters.writeFully(writer, src.asReadOnly()));
          assertEquals(0, writer.writeFromBlocks(BlockSeq.empty()));
        }
        assertEquals("foobarfoobar", Files.readString(path));
      }
    }
  }

  @Test
  void readingByPositionLeavesThePositionOfTheChannel() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file("foobar"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      BlockSeq dst = Blocks.of(".", ".");
      BlockReader reader = BlockReaders.from(channel, 3);
      assertEquals(2, reader.readToBlocks(dst));
      assertEquals("ba", Blocks.text(dst));
      assertEquals(1, reader.readToBlocks(dst));
      assertEquals("ra", Blocks.text(dst));
      BlockWriter writer = BlockWriters.to(channel, 5);
      assertEquals(3, writer.writeFromBlocks(Blocks.of("x", "yz")));
      assertEquals(1, writer.writeFromBlocks(Blocks.of("!")));
      assertEquals(0, channel.position());
    }
    assertEquals("foobaxyz!", Files.readString(folder.resolve("file")));
  }

  @Test
  void manyBlocksGoInOneCall() throws IOException {
    CountingChannel channel = new CountingChannel();
    assertEquals(6, BlockReaders.from(channel).readToBlocks(Blocks.of("..", "", "..", "..")));
    assertEquals(1, channel.calls);
    assertEquals(6, BlockWriters.to(channel).writeFromBlocks(Blocks.of("..", "", "..", "..")));
    assertEquals(2, channel.calls);
    assertEquals(1025, BlockReaders.from(channel).readToBlocks(Blocks.single(1025)));
    assertEquals(4, channel.calls);
    channel.close();
  }

  @Test
  void aShortVectorCallEndsTheTransfer() throws IOException {
    CountingChannel channel = new CountingChannel();
    channel.atMost = 3;
    assertEquals(3, BlockReaders.from(channel).readToBlocks(Blocks.of("..", "..")));
    assertEquals(3, BlockWriters.to(channel).writeFromBlocks(Blocks.of("..", "..")));
    assertEquals(2, channel.calls);
    channel.close();
  }

  @Test
  void anErrorOfALaterCallGivesWhatWasDone() throws IOException {
    CountingChannel channel = new CountingChannel();
    channel.failAfter = 1;
    assertEquals(1024, BlockReaders.from(channel).readToBlocks(Blocks.single(1030)));
    assertErrno(Errno.EIO, () -> BlockReaders.from(channel).readToBlocks(Blocks.of("..")));
    CountingChannel plain = new CountingChannel();
    plain.failAfter = 1;
    BlockReader reader = BlockReaders.from((ReadableByteChannel) plain);
    assertEquals(2, reader.readToBlocks(Blocks.of("..", "..")));
    assertErrno(Errno.EIO, () -> reader.readToBlocks(Blocks.of("..")));
    channel.close();
    plain.close();
  }

  @Test
  void aLaterCallThatMovesNothingGivesWhatWasDone() throws IOException {
    CountingChannel channel = new CountingChannel();
    channel.emptyAfter = 1;
    assertEquals(1024, BlockReaders.from(channel).readToBlocks(Blocks.single(1030)));
    assertErrno(Errno.EAGAIN, () -> BlockReaders.from(channel).readToBlocks(Blocks.of("..")));
    channel.close();
  }

  @Test
  void aShortCallOfAPlainChannelEndsTheTransfer() throws IOException {
    CountingChannel channel = new CountingChannel();
    channel.atMost = 1;
    BlockReader reader = BlockReaders.from((ReadableByteChannel) channel);
    assertEquals(1, reader.readToBlocks(Blocks.of("..", "..")));
    BlockWriter writer = BlockWriters.to((WritableByteChannel) channel);
    assertEquals(1, writer.writeFromBlocks(Blocks.of("..", "..")));
    assertEquals(2, channel.calls);
    channel.close();
  }

  @Test
  void aBlockThatIsLongerThanABufferGoesInTwo() throws IOException {
    long byteCount = (3L << 30) + 5;
    CountingChannel channel = new CountingChannel();
    try (Arena arena = Arena.ofConfined();
        FileChannel sparse =
            FileChannel.open(
                folder.resolve("sparse"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      MemorySegment huge = sparse.map(FileChannel.MapMode.READ_WRITE, 0, byteCount, arena);
      BlockSeq blocks = BlockSeq.of(List.of(huge, MemorySegment.ofArray(new byte[3])));
      assertEquals(byteCount + 3, BlockReaders.from(channel).readToBlocks(blocks));
      assertEquals(2, channel.calls);
      assertEquals(
          byteCount + 3, BlockReaders.from((ReadableByteChannel) channel).readToBlocks(blocks));
      assertEquals(5, channel.calls);
    }
    channel.close();
  }

  @Test
  void aNonBlockingChannelThatHasNothingSaysTryAgain() throws IOException {
    Pipe pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    BlockSeq dst = Blocks.of("..", "..");
    assertErrno(Errno.EAGAIN, () -> BlockReaders.from(pipe.source()).readToBlocks(dst));
    assertErrno(
        Errno.EAGAIN,
        () -> BlockReaders.from((ReadableByteChannel) pipe.source()).readToBlocks(dst));
    assertEquals(2, BlockWriters.to(pipe.sink()).writeFromBlocks(Blocks.of("ab")));
    // The first block fills; that the second gets nothing is no error then.
    assertEquals(2, BlockReaders.from((ReadableByteChannel) pipe.source()).readToBlocks(dst));
    assertEquals("ab..", Blocks.text(dst));
    pipe.sink().close();
    assertEquals(0, BlockReaders.from(pipe.source()).readToBlocks(dst));
    pipe.source().close();
  }

  @Test
  void aNonBlockingChannelThatIsFullSaysTryAgain() throws IOException {
    Pipe pipe = Pipe.open();
    pipe.sink().configureBlocking(false);
    BlockSeq src = BlockSeq.of(MemorySegment.ofArray(new byte[1 << 22]));
    long written = BlockWriters.to(pipe.sink()).writeFromBlocks(src);
    assertTrue(written > 0 && written < 1 << 22, "written: " + written);
    assertErrno(Errno.EAGAIN, () -> BlockWriters.to(pipe.sink()).writeFromBlocks(src));
    pipe.source().close();
    assertErrno(Errno.EPIPE, () -> BlockWriters.to(pipe.sink()).writeFromBlocks(src));
    pipe.sink().close();
  }

  @Test
  void aChannelOfTheWrongDirectionOrClosedIsABadDescriptor() throws IOException {
    Path path = file("foo");
    BlockSeq blocks = Blocks.of("foo");
    FileChannel closed = FileChannel.open(path);
    for (Function<FileChannel, BlockWriter> to : WRITERS) {
      assertErrno(Errno.EBADF, () -> to.apply(closed).writeFromBlocks(blocks));
    }
    closed.close();
    for (Function<FileChannel, BlockReader> from : READERS) {
      assertErrno(Errno.EBADF, () -> from.apply(closed).readToBlocks(blocks));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      for (Function<FileChannel, BlockReader> from : READERS) {
        assertErrno(Errno.EBADF, () -> from.apply(channel).readToBlocks(blocks));
      }
    }
  }

  @Test
  void aSocketWithoutAPeerIsNotConnected() throws IOException {
    try (SocketChannel channel = SocketChannel.open()) {
      BlockSeq blocks = Blocks.of("foo");
      assertThrows(NotYetConnectedException.class, () -> channel.read(ByteBuffer.allocate(1)));
      assertErrno(Errno.ENOTCONN, () -> BlockReaders.from(channel).readToBlocks(blocks));
      assertErrno(
          Errno.ENOTCONN,
          () -> BlockReaders.from((ReadableByteChannel) channel).readToBlocks(blocks));
    }
  }

  @Test
  void aReaderIsAChannel() throws IOException {
    ReadableByteChannel channel = BlockReaders.asChannel(BlockReaders.from(Blocks.of("fo", "ob")));
    ByteBuffer dst = ByteBuffer.allocate(8).position(2).limit(5);
    assertEquals(3, channel.read(dst));
    assertArrayEquals(Blocks.bytes("\0\0foo\0\0\0"), dst.array());
    assertEquals(0, channel.read(dst));
    assertEquals(5, dst.position());
    assertEquals(1, channel.read(dst.limit(8)));
    assertEquals(-1, channel.read(dst));
    assertTrue(channel.isOpen());
    channel.close();
    assertFalse(channel.isOpen());
    assertThrows(ClosedChannelException.class, () -> channel.read(dst));
  }

  @Test
  void aWriterIsAChannel() throws IOException {
    BlockSeq room = Blocks.of("..", "..");
    WritableByteChannel channel = BlockWriters.asChannel(BlockWriters.to(room));
    ByteBuffer src = ByteBuffer.wrap(Blocks.bytes("xfoobar")).position(1);
    assertEquals(4, channel.write(src));
    assertEquals(5, src.position());
    assertEquals("foob", Blocks.text(room));
    assertEquals(0, channel.write(src));
    assertEquals(0, channel.write(src.position(7)));
    assertTrue(channel.isOpen());
    channel.close();
    assertFalse(channel.isOpen());
    assertThrows(ClosedChannelException.class, () -> channel.write(src));
  }

  @Test
  void anErrorIsTheCauseOfThatOfTheChannel() {
    LinuxException cause = LinuxException.of(Errno.EIO);
    ReadableByteChannel in =
        BlockReaders.asChannel(
            dst -> {
              throw cause;
            });
    WritableByteChannel out =
        BlockWriters.asChannel(
            src -> {
              throw cause;
            });
    ByteBuffer buffer = ByteBuffer.allocate(1);
    assertSame(cause, assertThrows(IOException.class, () -> in.read(buffer)).getCause());
    assertSame(cause, assertThrows(IOException.class, () -> out.write(buffer)).getCause());
  }
}
