package org.usermem.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class BytesIOTest {

  private static final IOOpts OPTS = IOOpts.DEFAULT;

  private final byte[] bytes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  private final BytesIO io = BytesIO.of(bytes);

  private static void assertErrno(Errno errno, Executable access) {
    assertSame(errno, assertThrows(LinuxException.class, access).errno());
  }

  private static MemorySegment segment(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return MemorySegment.ofArray(bytes);
  }

  @Test
  void addressesAreOffsets() {
    byte[] dst = new byte[4];
    assertEquals(3, io.copyIn(2, MemorySegment.ofArray(dst), 1, 3, OPTS));
    assertArrayEquals(new byte[] {0, 2, 3, 4}, dst);
    assertEquals(2, io.copyOut(7, segment(50, 51, 52), 1, 2, OPTS));
    assertEquals(1, io.zeroOut(1, 1, OPTS));
    assertArrayEquals(new byte[] {0, 0, 2, 3, 4, 5, 6, 51, 52, 9}, bytes);
  }

  @Test
  void copiesOverTheEndAreShort() {
    byte[] dst = {-1, -1, -1, -1};
    assertEquals(2, io.copyIn(8, MemorySegment.ofArray(dst), OPTS));
    assertArrayEquals(new byte[] {8, 9, -1, -1}, dst);
    assertEquals(1, io.copyOut(9, segment(50, 51), OPTS));
    assertEquals(3, io.zeroOut(7, Long.MAX_VALUE, OPTS));
    assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 6, 0, 0, 0}, bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 11, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void whatIsOutsideIsAFault(long addr) {
    MemorySegment segment = segment(1);
    assertErrno(Errno.EFAULT, () -> io.copyIn(addr, segment, OPTS));
    assertErrno(Errno.EFAULT, () -> io.copyOut(addr, segment, OPTS));
    assertErrno(Errno.EFAULT, () -> io.zeroOut(addr, 1, OPTS));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10, 11, -1})
  void nothingCanBeCopiedAnywhere(long addr) {
    MemorySegment nothing = segment();
    assertEquals(0, io.copyIn(addr, nothing, OPTS));
    assertEquals(0, io.copyOut(addr, nothing, OPTS));
    assertEquals(0, io.zeroOut(addr, 0, OPTS));
  }

  @Test
  void countsOutsideTheSegmentThatIsPassedAreRefused() {
    MemorySegment segment = segment(1, 2);
    assertThrows(IndexOutOfBoundsException.class, () -> io.copyIn(0, segment, 1, 2, OPTS));
    assertThrows(IndexOutOfBoundsException.class, () -> io.copyOut(0, segment, 1, 2, OPTS));
    assertThrows(IndexOutOfBoundsException.class, () -> io.copyIn(0, segment, 0, -1, OPTS));
    assertThrows(IndexOutOfBoundsException.class, () -> io.zeroOut(0, -1, OPTS));
    AddrRangeSeq ranges = AddrRangeSeq.of(0, 5);
    assertThrows(IndexOutOfBoundsException.class, () -> io.copyIn(ranges, segment, 1, 2, OPTS));
    assertThrows(IndexOutOfBoundsException.class, () -> io.copyOut(ranges, segment, -1, 2, OPTS));
    assertThrows(IndexOutOfBoundsException.class, () -> io.zeroOut(ranges, -1, OPTS));
  }

  @Test
  void rangesAreCopiedInTheirOrder() {
    AddrRangeSeq ranges = AddrRangeSeq.ofPairs(new long[] {8, 2, 100, 0, 1, 3}, 3);
    byte[] dst = new byte[6];
    assertEquals(4, io.copyIn(ranges, MemorySegment.ofArray(dst), 1, 4, OPTS));
    assertArrayEquals(new byte[] {0, 8, 9, 1, 2, 0}, dst);
    assertEquals(5, io.copyIn(ranges, MemorySegment.ofArray(dst), 0, 6, OPTS));
    assertEquals(3, io.zeroOut(ranges, 3, OPTS));
    assertEquals(4, io.copyOut(ranges, segment(50, 51, 52, 53), 0, 4, OPTS));
    assertArrayEquals(new byte[] {0, 52, 53, 3, 4, 5, 6, 7, 50, 51}, bytes);
    assertEquals(5, io.zeroOut(ranges, 9, OPTS));
  }

  @Test
  void nothingIsCopiedOverRangesWithoutBytes() {
    AddrRangeSeq ranges = AddrRangeSeq.of(100, 0);
    MemorySegment segment = segment(1);
    assertEquals(0, io.copyIn(ranges, segment, 0, 1, OPTS));
    assertEquals(0, io.copyOut(ranges, segment, 0, 1, OPTS));
    assertEquals(0, io.zeroOut(ranges, 1, OPTS));
    assertEquals(0, io.copyIn(AddrRangeSeq.of(100, 1), segment, 0, 0, OPTS));
    assertEquals(0, io.copyInTo(ranges, _ -> fail(), OPTS));
    assertEquals(0, io.copyOutFrom(ranges, _ -> fail(), OPTS));
  }

  private static long fail() {
    throw new AssertionError("called for nothing");
  }

  @Test
  void aWriterGetsReadOnlyPartsOfTheSegmentOnce() {
    AddrRangeSeq ranges = AddrRangeSeq.ofPairs(new long[] {8, 2, -5, 0, 1, 3}, 3);
    List<BlockSeq> calls = new ArrayList<>();
    assertEquals(
        3,
        io.copyInTo(
            ranges,
            src -> {
              calls.add(src);
              return 3;
            },
            OPTS));
    assertEquals(1, calls.size());
    assertEquals(List.of(2L, 3L), sizes(calls.getFirst()));
    assertTrue(calls.getFirst().head().isReadOnly());
    assertEquals(0, io.copyInTo(ranges, _ -> 0, OPTS));
  }

  @Test
  void aReaderGetsPartsOfTheSegmentThatItCanWrite() {
    AddrRangeSeq ranges = AddrRangeSeq.ofPairs(new long[] {8, 2, 1, 3}, 2);
    assertEquals(
        4,
        io.copyOutFrom(
            ranges,
            dst -> {
              assertFalse(dst.head().isReadOnly());
              return dst.copyFrom(segment(50, 51, 52, 53));
            },
            OPTS));
    assertArrayEquals(new byte[] {0, 52, 53, 3, 4, 5, 6, 7, 50, 51}, bytes);
  }

  private static List<Long> sizes(BlockSeq blocks) {
    return blocks.blocks().stream().map(MemorySegment::byteSize).toList();
  }

  @Test
  void callbacksSeeWhatIsBeforeTheFirstFault() {
    AddrRangeSeq ranges = AddrRangeSeq.ofPairs(new long[] {1, 3, 8, 5, 0, 1}, 3);
    assertEquals(5, io.copyInTo(ranges, BlockSeq::numBytes, OPTS));
    assertEquals(5, io.copyOutFrom(ranges, BlockSeq::zero, OPTS));
    assertArrayEquals(new byte[] {0, 0, 0, 0, 4, 5, 6, 7, 0, 0}, bytes);
    AddrRangeSeq later = AddrRangeSeq.ofPairs(new long[] {1, 3, -1, 0, 50, 1, 0, 1}, 4);
    assertEquals(3, io.copyInTo(later, BlockSeq::numBytes, OPTS));
    AddrRangeSeq outside = AddrRangeSeq.ofPairs(new long[] {10, 1, 0, 5}, 2);
    assertErrno(Errno.EFAULT, () -> io.copyInTo(outside, _ -> fail(), OPTS));
    assertErrno(Errno.EFAULT, () -> io.copyOutFrom(outside, _ -> fail(), OPTS));
  }

  @Test
  void callbacksThatLieAreCaught() {
    AddrRangeSeq ranges = AddrRangeSeq.of(8, 5);
    assertThrows(IllegalStateException.class, () -> io.copyInTo(ranges, _ -> 3, OPTS));
    assertThrows(IllegalStateException.class, () -> io.copyOutFrom(ranges, _ -> -1, OPTS));
  }

  @Test
  void errorsOfCallbacksPass() {
    LinuxException e = LinuxException.of(Errno.EPIPE);
    AddrRangeSeq ranges = AddrRangeSeq.of(0, 5);
    assertErrno(
        Errno.EPIPE,
        () ->
            io.copyInTo(
                ranges,
                _ -> {
                  throw e;
                },
                OPTS));
    assertErrno(
        Errno.EPIPE,
        () ->
            io.copyOutFrom(
                ranges,
                _ -> {
                  throw e;
                },
                OPTS));
  }

  @Test
  void aReadOnlySegmentTakesNoCopies() {
    BytesIO readOnly = BytesIO.of(MemorySegment.ofArray(bytes).asReadOnly());
    assertEquals(1, readOnly.copyIn(5, segment(0), OPTS));
    assertThrows(IllegalArgumentException.class, () -> readOnly.copyOut(0, segment(1), OPTS));
    assertTrue(readOnly.bytes().isReadOnly());
  }

  @Test
  void allocatedMemoryIsZero() {
    BytesIO allocated = BytesIO.allocate(100);
    assertEquals(100, allocated.bytes().byteSize());
    byte[] dst = {1, 1, 1};
    assertEquals(3, allocated.copyIn(50, MemorySegment.ofArray(dst), OPTS));
    assertArrayEquals(new byte[3], dst);
  }

  @Test
  void fullCopiesMoveEverything() {
    byte[] dst = new byte[4];
    io.copyInFully(6, dst, OPTS);
    assertArrayEquals(new byte[] {6, 7, 8, 9}, dst);
    io.copyOutFully(0, dst, OPTS);
    assertArrayEquals(new byte[] {6, 7, 8, 9, 4, 5, 6, 7, 8, 9}, bytes);
    io.copyInFully(100, new byte[0], OPTS);
    io.copyOutFully(100, new byte[0], OPTS);
  }
}
