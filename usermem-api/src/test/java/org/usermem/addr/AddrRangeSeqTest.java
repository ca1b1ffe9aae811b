package org.usermem.addr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddrRangeSeqTest {

  private static final AddrRange FIRST = new AddrRange(0x1000, 0x1400);
  private static final AddrRange NOTHING = new AddrRange(0x2000, 0x2000);
  private static final AddrRange LAST = new AddrRange(0x3000, 0x3200);

  private static List<AddrRange> ranges(AddrRangeSeq seq) {
    List<AddrRange> ranges = new ArrayList<>();
    for (int i = 0; i < seq.rangeCount(); i++) {
      ranges.add(seq.range(i));
    }
    return ranges;
  }

  @Test
  void theEmptySequenceHasNothing() {
    AddrRangeSeq seq = AddrRangeSeq.empty();
    assertTrue(seq.isEmpty());
    assertEquals(0, seq.rangeCount());
    assertEquals(0, seq.numBytes());
    assertThrows(IndexOutOfBoundsException.class, seq::head);
    assertThrows(IndexOutOfBoundsException.class, seq::tail);
    assertTrue(seq.dropFirst(0).isEmpty());
    assertTrue(seq.dropFirst(1).isEmpty());
    assertTrue(seq.takeFirst(0).isEmpty());
    assertSame(seq, AddrRangeSeq.of(List.of()));
    assertEquals("[]", seq.toString());
  }

  @Test
  void aSequenceOfZeroBytesIsNotEmpty() {
    AddrRangeSeq seq = AddrRangeSeq.of(NOTHING);
    assertFalse(seq.isEmpty());
    assertEquals(0, seq.numBytes());
    assertEquals(NOTHING, seq.head());
    assertTrue(seq.tail().isEmpty());
    assertTrue(seq.dropFirst(0).isEmpty());
    assertFalse(seq.takeFirst(0).isEmpty());
  }

  @Test
  void oneRangeIsDroppedFromItsStartAndTakenToItsEnd() {
    AddrRangeSeq seq = AddrRangeSeq.of(FIRST);
    assertEquals(List.of(FIRST), ranges(seq));
    assertEquals(List.of(new AddrRange(0x1001, 0x1400)), ranges(seq.dropFirst(1)));
    assertEquals(List.of(new AddrRange(0x13ff, 0x1400)), ranges(seq.dropFirst(0x3ff)));
    assertEquals(List.of(), ranges(seq.dropFirst(0x400)));
    assertEquals(List.of(), ranges(seq.dropFirst(0x401)));
    assertEquals(List.of(new AddrRange(0x1000, 0x1001)), ranges(seq.takeFirst(1)));
    assertEquals(List.of(new AddrRange(0x1000, 0x1000)), ranges(seq.takeFirst(0)));
    assertSame(seq, seq.takeFirst(0x400));
    assertSame(seq, seq.takeFirst(Long.MAX_VALUE));
  }

  @Test
  void rangesOfZeroLengthAreKept() {
    AddrRangeSeq seq = AddrRangeSeq.of(List.of(NOTHING, FIRST, NOTHING, NOTHING, LAST, NOTHING));
    assertEquals(6, seq.rangeCount());
    assertEquals(0x600, seq.numBytes());
    assertEquals(List.of(NOTHING, FIRST, NOTHING, NOTHING, LAST, NOTHING), ranges(seq));
    assertEquals(List.of(FIRST, NOTHING, NOTHING, LAST, NOTHING), ranges(seq.tail()));
  }

  @Test
  void aLeadingRangeOfZeroLengthGoesWithTheFirstDrop() {
    AddrRangeSeq seq = AddrRangeSeq.of(List.of(NOTHING, FIRST, NOTHING, LAST));
    assertEquals(List.of(FIRST, NOTHING, LAST), ranges(seq.dropFirst(0)));
    assertEquals(List.of(NOTHING, LAST), ranges(seq.dropFirst(0x400)));
    assertEquals(List.of(LAST), ranges(seq.dropFirst(0x400).dropFirst(0)));
    assertEquals(List.of(new AddrRange(0x3001, 0x3200)), ranges(seq.dropFirst(0x400).dropFirst(1)));
  }

  @Test
  void droppingAllLeavesWhatHasZeroLengthAtTheEnd() {
    AddrRangeSeq seq = AddrRangeSeq.of(List.of(FIRST, LAST, NOTHING));
    assertEquals(List.of(NOTHING), ranges(seq.dropFirst(0x600)));
    assertEquals(List.of(), ranges(seq.dropFirst(0x601)));
    assertEquals(List.of(), ranges(seq.dropFirst(0x600).dropFirst(0)));
    assertEquals(List.of(), ranges(AddrRangeSeq.of(List.of(FIRST, LAST)).dropFirst(0x600)));
  }

  @Test
  void theLoopOfHeadAndDropEnds() {
    AddrRangeSeq seq = AddrRangeSeq.of(List.of(NOTHING, FIRST, NOTHING, LAST, NOTHING));
    long bytes = 0;
    int steps = 0;
    while (!seq.isEmpty()) {
      long done = Math.min(0x100, seq.head().byteCount());
      bytes += done;
      seq = seq.dropFirst(done);
      steps++;
    }
    assertEquals(0x600, bytes);
    assertTrue(steps <= 9, "steps: " + steps);
  }

  @Test
  void whatIsAfterTheCutHasZeroLength() {
    AddrRangeSeq seq = AddrRangeSeq.of(List.of(FIRST, NOTHING, LAST));
    AddrRange none = new AddrRange(0x3000, 0x3000);
    assertEquals(List.of(FIRST, NOTHING, none), ranges(seq.takeFirst(0x400)));
    assertEquals(List.of(new AddrRange(0x1000, 0x1001), NOTHING, none), ranges(seq.takeFirst(1)));
    assertEquals(List.of(new AddrRange(0x1000, 0x1000), NOTHING, none), ranges(seq.takeFirst(0)));
    assertEquals(
        List.of(FIRST, NOTHING, new AddrRange(0x3000, 0x3001)), ranges(seq.takeFirst(0x401)));
    assertSame(seq, seq.takeFirst(0x600));
  }

  @Test
  void aCutSequenceIsDroppedToItsCut() {
    AddrRangeSeq seq = AddrRangeSeq.of(List.of(FIRST, LAST)).dropFirst(0x100).takeFirst(0x380);
    assertEquals(
        List.of(new AddrRange(0x1100, 0x1400), new AddrRange(0x3000, 0x3080)), ranges(seq));
    assertEquals(List.of(new AddrRange(0x3010, 0x3080)), ranges(seq.dropFirst(0x310)));
    assertEquals(List.of(), ranges(seq.dropFirst(0x380)));
    assertEquals(0x380, seq.numBytes());
  }

  @Test
  void theArrayOfPairsMayBeLongerThanTheRanges() {
    long[] pairs = {0x1000, 0x400, 0x3000, 0x200, -1, -1};
    assertEquals(List.of(FIRST, LAST), ranges(AddrRangeSeq.ofPairs(pairs, 2)));
    assertEquals(List.of(FIRST), ranges(AddrRangeSeq.ofPairs(pairs, 1)));
    assertEquals(List.of(), ranges(AddrRangeSeq.ofPairs(pairs, 0)));
    assertThrows(IllegalArgumentException.class, () -> AddrRangeSeq.ofPairs(pairs, 3));
    assertThrows(IllegalArgumentException.class, () -> AddrRangeSeq.ofPairs(pairs, 4));
    assertThrows(IllegalArgumentException.class, () -> AddrRangeSeq.ofPairs(pairs, -1));
  }

  @Test
  void moreThanTwoToThe63BytesAreRefused() {
    assertEquals(Long.MAX_VALUE, AddrRangeSeq.of(0, Long.MAX_VALUE).numBytes());
    assertThrows(IllegalArgumentException.class, () -> AddrRangeSeq.of(0, Long.MIN_VALUE));
    assertThrows(
        IllegalArgumentException.class, () -> AddrRangeSeq.of(new AddrRange(0, Long.MIN_VALUE)));
    long[] most = {0, Long.MAX_VALUE, 5, 0};
    assertEquals(Long.MAX_VALUE, AddrRangeSeq.ofPairs(most, 2).numBytes());
    long[] tooMany = {0, Long.MAX_VALUE, 5, 1};
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> AddrRangeSeq.ofPairs(tooMany, 2));
    assertEquals("ranges 0 to 1 have more than 2^63 - 1 bytes together", e.getMessage());
  }

  @Test
  void aRangeThatReachesTwoToThe64IsRefused() {
    assertEquals(List.of(new AddrRange(-2L, -1L)), ranges(AddrRangeSeq.of(-2L, 1)));
    assertThrows(IllegalArgumentException.class, () -> AddrRangeSeq.of(-2L, 2));
    assertThrows(
        IllegalArgumentException.class, () -> AddrRangeSeq.ofPairs(new long[] {-2L, 2}, 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void negativeCountsAreRefused(long byteCount) {
    AddrRangeSeq seq = AddrRangeSeq.of(FIRST);
    assertThrows(IllegalArgumentException.class, () -> seq.dropFirst(byteCount));
    assertThrows(IllegalArgumentException.class, () -> seq.takeFirst(byteCount));
  }

  @Test
  void indexesOutsideTheRangesAreRefused() {
    AddrRangeSeq one = AddrRangeSeq.of(FIRST);
    assertThrows(IndexOutOfBoundsException.class, () -> one.start(1));
    assertThrows(IndexOutOfBoundsException.class, () -> one.byteCount(-1));
    AddrRangeSeq rest = AddrRangeSeq.of(List.of(FIRST, LAST, LAST)).dropFirst(0x401);
    assertEquals(0x3001, rest.start(0));
    assertThrows(IndexOutOfBoundsException.class, () -> rest.byteCount(2));
  }

  @Test
  void equalityIsThatOfTheRanges() {
    AddrRangeSeq dropped = AddrRangeSeq.of(List.of(LAST, FIRST, LAST)).dropFirst(0x200);
    AddrRangeSeq made = AddrRangeSeq.of(List.of(FIRST, LAST));
    assertEquals(made, dropped);
    assertEquals(made.hashCode(), dropped.hashCode());
    assertNotEquals(made, made.dropFirst(1));
    assertNotEquals(made, made.takeFirst(1));
    assertNotEquals(made, made.tail());
    assertNotEquals(AddrRangeSeq.of(0, 1), AddrRangeSeq.of(1, 1));
    assertNotEquals(AddrRangeSeq.of(0, 1), AddrRangeSeq.of(0, 2));
    assertNotEquals(made, new Object());
    assertNotEquals(made.hashCode(), made.dropFirst(1).hashCode());
    assertEquals("[[0x1000, 0x1400) [0x3000, 0x3200)]", made.toString());
  }
}
