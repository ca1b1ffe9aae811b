package org.usermem.addr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AddrRangeTest {

  @Test
  void aRangeThatIsInvertedIsRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new AddrRange(0x2000, 0x1000));
    assertEquals("range of addresses ends at 0x1000, before its start 0x2000", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new AddrRange(-1L, 0));
  }

  @Test
  void aRangeThatReachesTheEndOfAllAddressesIsRefused() {
    assertThrows(ArithmeticException.class, () -> AddrRange.of(-1L, 1));
    assertEquals(new AddrRange(-2L, -1L), AddrRange.of(-2L, 1));
  }

  @Test
  void byteCountIsUnsigned() {
    assertEquals(-1L, new AddrRange(0, -1L).byteCount());
    assertEquals(0, new AddrRange(-1L, -1L).byteCount());
  }

  @Test
  void theEndIsNotContained() {
    AddrRange range = new AddrRange(0x1000, 0x2000);
    assertFalse(range.contains(0xfff));
    assertTrue(range.contains(0x1000));
    assertTrue(range.contains(0x1fff));
    assertFalse(range.contains(0x2000));
    assertFalse(new AddrRange(0x1000, 0x1000).contains(0x1000));
    assertTrue(new AddrRange(0, -1L).contains(Long.MIN_VALUE));
  }

  @Test
  void rangesThatTouchDoNotOverlap() {
    AddrRange range = new AddrRange(0x1000, 0x2000);
    assertFalse(range.overlaps(new AddrRange(0x2000, 0x3000)));
    assertFalse(range.overlaps(new AddrRange(0, 0x1000)));
    assertTrue(range.overlaps(new AddrRange(0x1fff, 0x3000)));
    assertTrue(range.overlaps(new AddrRange(0, 0x1001)));
  }

  @Test
  void aRangeIsASupersetOfItself() {
    AddrRange range = new AddrRange(0x1000, 0x3000);
    assertTrue(range.isSupersetOf(range));
    assertTrue(range.isSupersetOf(new AddrRange(0x2000, 0x2000)));
    assertFalse(range.isSupersetOf(new AddrRange(0x2000, 0x3001)));
    assertFalse(range.isSupersetOf(new AddrRange(0xfff, 0x2000)));
  }

  @Test
  void whatHasNothingInCommonIntersectsInAnEmptyRangeWithinTheFirst() {
    AddrRange range = new AddrRange(0x1000, 0x2000);
    assertEquals(new AddrRange(0x2000, 0x2000), range.intersect(new AddrRange(0x5000, 0x6000)));
    assertEquals(new AddrRange(0x1000, 0x1000), range.intersect(new AddrRange(0, 0x800)));
    assertEquals(new AddrRange(0x1800, 0x2000), range.intersect(new AddrRange(0x1800, 0x6000)));
    assertEquals(new AddrRange(0x1000, 0x1800), range.intersect(new AddrRange(0, 0x1800)));
  }

  @Test
  void aRangeCanBeSplitOnlyInside() {
    AddrRange range = new AddrRange(0x1000, 0x3000);
    assertFalse(range.canSplitAt(0x1000));
    assertTrue(range.canSplitAt(0x2000));
    assertFalse(range.canSplitAt(0x3000));
  }

  @Test
  void bothBoundsCountForAlignment() {
    assertTrue(new AddrRange(0x1000, 0x3000).isPageAligned());
    assertFalse(new AddrRange(0x1001, 0x3000).isPageAligned());
    assertFalse(new AddrRange(0x1000, 0x3001).isPageAligned());
  }

  @Test
  void emptyMeansWithoutAddress() {
    assertTrue(new AddrRange(5, 5).isEmpty());
    assertFalse(new AddrRange(5, 6).isEmpty());
    assertEquals("[0x5, 0x6)", new AddrRange(5, 6).toString());
  }

  @Property(seed = "1")
  void relationsOfRangesAreThoseOfSets(
      @ForAll @IntRange(max = 12) int a,
      @ForAll @IntRange(max = 12) int b,
      @ForAll @IntRange(max = 12) int c,
      @ForAll @IntRange(max = 12) int d) {
    AddrRange left = new AddrRange(Math.min(a, b), Math.max(a, b));
    AddrRange right = new AddrRange(Math.min(c, d), Math.max(c, d));
    int common = 0;
    for (int i = 0; i <= 12; i++) {
      boolean both = left.contains(i) && right.contains(i);
      common += both ? 1 : 0;
      assertEquals(both, left.intersect(right).contains(i));
    }
    assertEquals(common, left.intersect(right).byteCount());
    assertTrue(left.isSupersetOf(left.intersect(right)));
    if (!left.isEmpty() && !right.isEmpty()) {
      assertEquals(common != 0, left.overlaps(right));
      assertEquals(common == right.byteCount(), left.isSupersetOf(right));
    }
  }
}
