package org.usermem.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReaders;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriters;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.errno.PartialCopyException;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * For every byte k of two pages: what comes before k moves, nothing else does, the count says so,
 * and a fault at the very start is EFAULT.
 */
class FaultAtEveryByteTest {

  private static final int SIZE = 2 * (int) Addr.PAGE_SIZE;
  private static final IOOpts OPTS = IOOpts.DEFAULT;

  /** Three ranges that are the two pages in a row; their borders are not those of pages. */
  private static final AddrRangeSeq RANGES =
      AddrRangeSeq.ofPairs(new long[] {0, 100, 100, 0, 100, 5000, 5100, SIZE - 5100}, 4);

  private static byte[] pattern(int seed) {
    byte[] bytes = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      bytes[i] = (byte) (seed + i * 31 + (i >> 8));
    }
    return bytes;
  }

  /** What a copy of src to dst that ends at k leaves in dst. */
  private static byte[] copied(byte[] src, byte[] dst, int k) {
    byte[] expected = dst.clone();
    System.arraycopy(src, 0, expected, 0, k);
    return expected;
  }

  private static void assertMoved(int k, LongSupplier copy) {
    if (k == 0) {
      assertSame(Errno.EFAULT, assertThrows(LinuxException.class, copy::getAsLong).errno());
    } else {
      assertEquals(k, copy.getAsLong());
    }
  }

  private interface CopyIn {
    long copy(IO io, MemorySegment dst);
  }

  private interface CopyOut {
    long copy(IO io, MemorySegment src);
  }

  private static void checkIn(CopyIn copy) {
    byte[] guest = pattern(1);
    byte[] host = pattern(77);
    byte[] dst = host.clone();
    FaultingIO io = new FaultingIO(guest.clone());
    for (int k = 0; k < SIZE; k++) {
      System.arraycopy(host, 0, dst, 0, SIZE);
      io.faultAt(k);
      assertMoved(k, () -> copy.copy(io, MemorySegment.ofArray(dst)));
      assertEquals(-1, Arrays.mismatch(copied(guest, host, k), dst));
    }
    assertArrayEquals(guest, io.bytes);
  }

  private static void checkOut(byte[] src, CopyOut copy) {
    byte[] guest = pattern(1);
    FaultingIO io = new FaultingIO(guest.clone());
    for (int k = 0; k < SIZE; k++) {
      System.arraycopy(guest, 0, io.bytes, 0, SIZE);
      io.faultAt(k);
      assertMoved(k, () -> copy.copy(io, MemorySegment.ofArray(src)));
      assertEquals(-1, Arrays.mismatch(copied(src, guest, k), io.bytes));
    }
  }

  @Test
  void copyInStopsAtTheFault() {
    checkIn((io, dst) -> io.copyIn(0, dst, OPTS));
  }

  @Test
  void copyInOfRangesStopsAtTheFault() {
    checkIn((io, dst) -> io.copyIn(RANGES, dst, 0, SIZE, OPTS));
  }

  @Test
  void copyInOfASourceStopsAtTheFault() {
    checkIn((io, dst) -> IOSequences.source(io, RANGES, OPTS).copyIn(dst));
  }

  @Test
  void copyInToHandsOutWhatIsBeforeTheFault() {
    checkIn((io, dst) -> io.copyInTo(RANGES, BlockWriters.to(BlockSeq.of(dst)), OPTS));
  }

  @Test
  void copyInToOfASourceHandsOutWhatIsBeforeTheFault() {
    checkIn(
        (io, dst) ->
            IOSequences.source(io, RANGES, OPTS).copyInTo(BlockWriters.to(BlockSeq.of(dst))));
  }

  @Test
  void readingASourceToItsEndStopsAtTheFault() {
    checkIn((io, dst) -> IOSequences.source(io, RANGES, OPTS).reader().read(dst));
    checkIn(
        (io, dst) ->
            IOSequences.source(io, RANGES, OPTS)
                .reader()
                .readToBlocks(
                    BlockSeq.of(
                        dst, AddrRangeSeq.ofPairs(new long[] {0, 3000, 3000, SIZE - 3000}, 2))));
  }

  @Test
  void copyOutStopsAtTheFault() {
    checkOut(pattern(77), (io, src) -> io.copyOut(0, src, OPTS));
  }

  @Test
  void copyOutToRangesStopsAtTheFault() {
    checkOut(pattern(77), (io, src) -> io.copyOut(RANGES, src, 0, SIZE, OPTS));
  }

  @Test
  void copyOutToASinkStopsAtTheFault() {
    checkOut(pattern(77), (io, src) -> IOSequences.sink(io, RANGES, OPTS).copyOut(src));
  }

  @Test
  void copyOutFromFillsWhatIsBeforeTheFault() {
    checkOut(
        pattern(77),
        (io, src) -> io.copyOutFrom(RANGES, BlockReaders.from(BlockSeq.of(src)), OPTS));
  }

  @Test
  void copyOutFromOfASinkFillsWhatIsBeforeTheFault() {
    checkOut(
        pattern(77),
        (io, src) ->
            IOSequences.sink(io, RANGES, OPTS).copyOutFrom(BlockReaders.from(BlockSeq.of(src))));
  }

  @Test
  void writingASinkToItsEndStopsAtTheFault() {
    checkOut(pattern(77), (io, src) -> IOSequences.sink(io, RANGES, OPTS).writer().write(src));
    checkOut(
        pattern(77),
        (io, src) ->
            IOSequences.sink(io, RANGES, OPTS)
                .writer()
                .writeFromBlocks(
                    BlockSeq.of(
                        src, AddrRangeSeq.ofPairs(new long[] {0, 3000, 3000, SIZE - 3000}, 2))));
  }

  @Test
  void zeroOutStopsAtTheFault() {
    checkOut(new byte[SIZE], (io, _) -> io.zeroOut(0, SIZE, OPTS));
    checkOut(new byte[SIZE], (io, _) -> io.zeroOut(RANGES, SIZE, OPTS));
    checkOut(new byte[SIZE], (io, _) -> IOSequences.sink(io, RANGES, OPTS).zeroOut(SIZE));
  }

  @Test
  void aSourceOfDataIsNotAskedForMoreThanTheSinkCanTake() {
    FaultingIO io = new FaultingIO(pattern(1));
    for (int k = 0; k < SIZE; k++) {
      Sink sink = IOSequences.sink(io.faultAt(k), RANGES, OPTS);
      long[] asked = {0};
      assertMoved(
          k,
          () ->
              sink.copyOutFrom(
                  dst -> {
                    asked[0] += dst.numBytes();
                    return dst.numBytes();
                  }));
      assertEquals(k, asked[0]);
    }
  }

  @Test
  void aCopyInFullSaysHowManyBytesHadMoved() {
    FaultingIO io = new FaultingIO(pattern(1));
    byte[] buffer = new byte[SIZE];
    MemorySegment segment = MemorySegment.ofArray(buffer);
    for (int k = 0; k < SIZE; k++) {
      io.faultAt(k);
      Source source = IOSequences.source(io, RANGES, OPTS);
      Sink sink = IOSequences.sink(io, RANGES, OPTS);
      assertPartial(k, () -> io.copyInFully(0, buffer, OPTS));
      assertPartial(k, () -> io.copyOutFully(0, buffer, OPTS));
      assertPartial(k, () -> source.copyInFully(segment));
      assertPartial(k, () -> sink.copyOutFully(segment));
    }
  }

  private static void assertPartial(int k, Runnable copy) {
    LinuxException e = assertThrows(LinuxException.class, copy::run);
    assertSame(Errno.EFAULT, e.errno());
    assertEquals(k, e.bytesMoved());
    assertEquals(k != 0, e instanceof PartialCopyException);
  }
}
