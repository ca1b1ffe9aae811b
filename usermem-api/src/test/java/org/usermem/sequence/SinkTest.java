package org.usermem.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.usermem.block.BlockReaders;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.struct.PollFd;

class SinkTest {

  private final byte[] memory = bytes("........");
  private final Sink sink =
      Sink.of(
          BlockSeq.of(
              List.of(
                  MemorySegment.ofArray(memory).asSlice(1, 3),
                  MemorySegment.ofArray(memory).asSlice(5, 2))));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void assertMemory(String text) {
    assertEquals(text, new String(memory, StandardCharsets.ISO_8859_1));
  }

  @Test
  void copyingDoesNotMoveASinkOn() {
    assertEquals(4, sink.copyOut(bytes("foob")));
    assertMemory(".foo.b..");
    assertEquals(2, sink.copyOut(bytes("ar")));
    assertMemory(".aro.b..");
    assertEquals(5, sink.numBytes());
  }

  @Test
  void aCopyIsCutToTheSink() {
    assertEquals(5, sink.copyOut(bytes("xfoobarx"), 1, 7));
    assertMemory(".foo.ba.");
    assertEquals(5, sink.copyOut(MemorySegment.ofArray(bytes("vwxyz!"))));
    assertMemory(".vwx.yz.");
    assertEquals(5, sink.zeroOut(Long.MAX_VALUE));
    assertMemory(".\0\0\0.\0\0.");
    assertThrows(IndexOutOfBoundsException.class, () -> sink.copyOut(bytes("foo"), 2, 2));
  }

  @Test
  void droppingAndTakingGiveOtherSinks() {
    assertEquals(2, sink.dropFirst(2).takeFirst(2).copyOut(bytes("abc")));
    assertMemory("...a.b..");
    assertTrue(sink.dropFirst(5).isEmpty());
    assertTrue(sink.takeFirst(0).isEmpty());
    assertEquals(1, sink.takeFirst(1).zeroOut(5));
    assertMemory(".\0.a.b..");
  }

  @Test
  void copyOutFromCallsTheReaderOnce() {
    int[] calls = {0};
    long moved =
        sink.copyOutFrom(
            dst -> {
              calls[0]++;
              assertEquals(5, dst.numBytes());
              return dst.copyFrom(MemorySegment.ofArray(bytes("abcd")));
            });
    assertEquals(4, moved);
    assertEquals(1, calls[0]);
    assertMemory(".abc.d..");
    assertEquals(
        0,
        Sink.of(new byte[0])
            .copyOutFrom(
                _ -> {
                  throw new AssertionError("called for nothing");
                }));
    assertThrows(IllegalStateException.class, () -> sink.copyOutFrom(_ -> 6));
  }

  @Test
  void copyOutFullyNeedsASinkThatIsLongEnough() {
    sink.copyOutFully(MemorySegment.ofArray(bytes("fooba")));
    assertMemory(".foo.ba.");
    MemorySegment tooLong = MemorySegment.ofArray(bytes("123456"));
    LinuxException e = assertThrows(LinuxException.class, () -> sink.copyOutFully(tooLong));
    assertSame(Errno.EINVAL, e.errno());
    assertMemory(".foo.ba.");
  }

  @Test
  void aStructIsCopiedWholeOrNotAtAll() {
    byte[] dst = new byte[9];
    Sink whole = Sink.of(MemorySegment.ofArray(dst));
    PollFd value = new PollFd(1, (short) 2, (short) 3);
    whole.dropFirst(1).copyOutStruct(value, PollFd.CODEC);
    assertArrayEquals(new byte[] {0, 1, 0, 0, 0, 2, 0, 3, 0}, dst);
    LinuxException e =
        assertThrows(
            LinuxException.class, () -> whole.dropFirst(2).copyOutStruct(value, PollFd.CODEC));
    assertSame(Errno.EINVAL, e.errno());
  }

  @Test
  void aWriterGoesOnToTheEnd() {
    SinkWriter writer = sink.writer();
    assertEquals(2, writer.write(bytes("ab")));
    assertEquals(1, writer.zero(1));
    assertEquals(2, writer.remaining());
    assertEquals(2, writer.rest().numBytes());
    assertEquals(1, writer.write(MemorySegment.ofArray(bytes("xcx")), 1, 1));
    assertEquals(1, writer.write(MemorySegment.ofArray(bytes("de"))));
    assertMemory(".ab\0.cd.");
    assertEquals(0, writer.write(bytes("x")));
    assertEquals(0, writer.zero(1));
    assertEquals(0, writer.writeFrom(BlockReaders.zeroes()));
  }

  @Test
  void aWriterTakesBlocks() {
    SinkWriter writer = sink.writer();
    BlockSeq src =
        BlockSeq.of(List.of(MemorySegment.ofArray(bytes("ab")), MemorySegment.ofArray(bytes("c"))));
    assertEquals(3, writer.writeFromBlocks(src));
    assertEquals(2, writer.writeFromBlocks(src));
    assertEquals(0, writer.writeFromBlocks(src));
    assertMemory(".abc.ab.");
  }

  @Test
  void aWriterHasAReaderFillTheRest() {
    SinkWriter writer = sink.writer();
    writer.zero(1);
    assertEquals(
        2, writer.writeFrom(BlockReaders.from(BlockSeq.of(MemorySegment.ofArray(bytes("ab"))))));
    assertMemory(".\0ab....");
    assertEquals(2, writer.remaining());
  }

  @Test
  void aWriterIsAStreamAndAChannel() throws IOException {
    OutputStream out = sink.writer().asOutputStream();
    out.write(bytes("abc"));
    out.write('d');
    assertThrows(IOException.class, () -> out.write(bytes("ef")));
    assertMemory(".abc.de.");
    WritableByteChannel channel = sink.writer().asChannel();
    assertEquals(5, channel.write(ByteBuffer.wrap(bytes("uvwxyz"))));
    assertEquals(0, channel.write(ByteBuffer.wrap(bytes("z"))));
    assertMemory(".uvw.xy.");
  }
}
