package org.usermem.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriters;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.struct.PollFd;

class SourceTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Source source(String... texts) {
    return Source.of(
        BlockSeq.of(
            List.of(texts).stream().map(text -> MemorySegment.ofArray(bytes(text))).toList()));
  }

  private static String text(Source source) {
    return new String(source.copyInBytes(1000), StandardCharsets.ISO_8859_1);
  }

  @Test
  void copyingDoesNotMoveASourceOn() {
    Source source = source("foo", "bar");
    byte[] dst = new byte[4];
    assertEquals(4, source.copyIn(dst));
    assertArrayEquals(bytes("foob"), dst);
    assertEquals(4, source.copyIn(dst));
    assertArrayEquals(bytes("foob"), dst);
    assertEquals(6, source.numBytes());
    assertEquals("foobar", text(source));
  }

  @Test
  void aCopyIsCutToTheSource() {
    byte[] dst = bytes("........");
    assertEquals(3, Source.of(bytes("foo")).copyIn(dst, 2, 6));
    assertArrayEquals(bytes("..foo..."), dst);
    MemorySegment segment = MemorySegment.ofArray(bytes("xxxx"));
    assertEquals(3, Source.of(bytes("foo")).copyIn(segment));
    assertEquals(0, Source.of(bytes("foo")).copyIn(segment, 4, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> Source.of(bytes("foo")).copyIn(dst, 6, 3));
  }

  @Test
  void droppingAndTakingGiveOtherSources() {
    Source source = source("foo", "bar");
    assertEquals("obar", text(source.dropFirst(2)));
    assertEquals("foob", text(source.takeFirst(4)));
    assertEquals("ob", text(source.dropFirst(2).takeFirst(2)));
    assertTrue(source.dropFirst(6).isEmpty());
    assertTrue(source.dropFirst(7).isEmpty());
    assertTrue(source.takeFirst(0).isEmpty());
    assertFalse(source.isEmpty());
    assertThrows(IllegalArgumentException.class, () -> source.dropFirst(-1));
    assertThrows(IllegalArgumentException.class, () -> source.takeFirst(-1));
  }

  @Test
  void copyInToCallsTheWriterOnceWithReadOnlyBlocks() {
    int[] calls = {0};
    long moved =
        source("foo", "bar")
            .copyInTo(
                src -> {
                  calls[0]++;
                  assertEquals(6, src.numBytes());
                  assertTrue(src.head().isReadOnly());
                  return 4;
                });
    assertEquals(4, moved);
    assertEquals(1, calls[0]);
    assertEquals(
        0,
        source("")
            .copyInTo(
                _ -> {
                  throw new AssertionError("called for nothing");
                }));
    assertThrows(IllegalStateException.class, () -> source("foo").copyInTo(_ -> 4));
  }

  @Test
  void copyInFullyNeedsASourceThatIsLongEnough() {
    MemorySegment dst = MemorySegment.ofArray(new byte[4]);
    source("fo", "obar").copyInFully(dst);
    assertArrayEquals(bytes("foob"), dst.toArray(ValueLayout.JAVA_BYTE));
    LinuxException e = assertThrows(LinuxException.class, () -> source("foo").copyInFully(dst));
    assertSame(Errno.EINVAL, e.errno());
  }

  @Test
  void copyInBytesAllocatesNoMoreThanItsLimit() {
    assertArrayEquals(bytes("fo"), source("foo").copyInBytes(2));
    assertArrayEquals(bytes("foo"), source("foo").copyInBytes(Integer.MAX_VALUE));
    assertEquals(0, source("foo").copyInBytes(0).length);
  }

  @Test
  void aStructIsCopiedWholeOrNotAtAll() {
    Source source = Source.of(new byte[] {1, 0, 0, 0, 2, 0, 3, 0, 9});
    assertEquals(new PollFd(1, (short) 2, (short) 3), source.copyInStruct(PollFd.CODEC));
    LinuxException e =
        assertThrows(LinuxException.class, () -> source.takeFirst(7).copyInStruct(PollFd.CODEC));
    assertSame(Errno.EINVAL, e.errno());
  }

  @Test
  void aReaderGoesOnToTheEnd() {
    SourceReader reader = source("foo", "bar", "baz").reader();
    byte[] dst = new byte[4];
    assertEquals(4, reader.read(dst));
    assertArrayEquals(bytes("foob"), dst);
    assertEquals(1, reader.skip(1));
    assertEquals("rbaz", text(reader.rest()));
    MemorySegment segment = MemorySegment.ofArray(new byte[2]);
    assertEquals(2, reader.read(segment));
    assertEquals(2, reader.remaining());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(2, reader.readTo(BlockWriters.to(out)));
    assertArrayEquals(bytes("az"), out.toByteArray());
    assertEquals(0, reader.read(dst));
    assertEquals(0, reader.skip(5));
    assertEquals(0, reader.readTo(BlockWriters.to(out)));
  }

  @Test
  void aReaderFillsBlocks() {
    SourceReader reader = source("foo", "bar").reader();
    MemorySegment memory = MemorySegment.ofArray(new byte[5]);
    BlockSeq dst = BlockSeq.of(List.of(memory.asSlice(0, 2), memory.asSlice(2)));
    assertEquals(5, reader.readToBlocks(dst));
    assertEquals(1, reader.readToBlocks(dst));
    assertEquals(0, reader.readToBlocks(dst));
    assertArrayEquals(bytes("rooba"), memory.toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void aReaderIsAStreamAndAChannel() throws IOException {
    InputStream in = source("foo", "bar").reader().asInputStream();
    assertArrayEquals(bytes("foobar"), in.readAllBytes());
    assertEquals(-1, in.read());
    ReadableByteChannel channel = source("foo", "bar").reader().asChannel();
    ByteBuffer dst = ByteBuffer.allocate(4);
    assertEquals(4, channel.read(dst));
    assertEquals(2, channel.read(dst.clear()));
    assertEquals(-1, channel.read(dst.clear()));
  }
}
