package org.usermem.addr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AddrTest {

  private static final BigInteger SIZE = BigInteger.ONE.shiftLeft(64);

  @Test
  void theLastAddressIsAboveZero() {
    assertTrue(Addr.lessThan(0, -1L));
    assertFalse(Addr.lessThan(-1L, 0));
    assertEquals(-1L, Addr.max(-1L, 1));
    assertEquals(1, Addr.max(1, 0));
    assertEquals(1, Addr.min(-1L, 1));
    assertEquals(0, Addr.min(0, 1));
  }

  @Test
  void anAddressIsAtMostItself() {
    assertTrue(Addr.atMost(-1L, -1L));
    assertFalse(Addr.lessThan(-1L, -1L));
    assertTrue(Addr.atMost(Long.MAX_VALUE, Long.MIN_VALUE));
    assertFalse(Addr.atMost(Long.MIN_VALUE, Long.MAX_VALUE));
  }

  @Test
  void additionOverflowsFromTwoToThe64On() {
    assertFalse(Addr.addOverflows(-1L, 0));
    assertTrue(Addr.addOverflows(-1L, 1));
    assertTrue(Addr.addOverflows(1, -1L));
    assertFalse(Addr.addOverflows(0, -1L));
    assertEquals(-1L, Addr.addExact(-2L, 1));
    ArithmeticException e = assertThrows(ArithmeticException.class, () -> Addr.addExact(-1L, 2));
    assertEquals("address 0xffffffffffffffff + 0x2 bytes is beyond 2^64 - 1", e.getMessage());
  }

  @Test
  void roundingUpOverflowsInTheLastPageOnly() {
    long lastPage = -Addr.PAGE_SIZE;
    assertFalse(Addr.pageRoundUpOverflows(lastPage));
    assertEquals(lastPage, Addr.pageRoundUp(lastPage));
    assertEquals(lastPage, Addr.pageRoundUpExact(lastPage));
    assertTrue(Addr.pageRoundUpOverflows(lastPage + 1));
    assertEquals(0, Addr.pageRoundUp(lastPage + 1));
    assertThrows(ArithmeticException.class, () -> Addr.pageRoundUpExact(lastPage + 1));
  }

  @Test
  void hugePagesHaveTwoMebibytes() {
    assertEquals(2 << 20, Addr.HUGE_PAGE_SIZE);
    assertEquals(0x200000, Addr.hugePageRoundUp(1));
    assertEquals(0x200000, Addr.hugePageRoundDown(0x3fffff));
    assertTrue(Addr.isHugePageAligned(0x200000));
    assertFalse(Addr.isHugePageAligned(0x201000));
    assertFalse(Addr.hugePageRoundUpOverflows(-Addr.HUGE_PAGE_SIZE));
    assertTrue(Addr.hugePageRoundUpOverflows(-Addr.HUGE_PAGE_SIZE + 1));
  }

  @Test
  void theEndOfThePageIsAWholePageAwayFromItsStart() {
    assertEquals(4096, Addr.bytesToPageEnd(0x5000));
    assertEquals(1, Addr.bytesToPageEnd(0x5fff));
    assertEquals(0xfff, Addr.pageOffset(-1L));
    assertEquals(0xfffffffffffffL, Addr.pageNumber(-1L));
  }

  @Test
  void alignmentIsThatOfThePowerOfTwo() {
    assertTrue(Addr.isAligned(24, 8));
    assertFalse(Addr.isAligned(20, 8));
    assertTrue(Addr.isPageAligned(0));
    assertFalse(Addr.isPageAligned(-1L));
  }

  @Property(seed = "1")
  void comparisonIsThatOfUnsignedNumbers(@ForAll long left, @ForAll long right) {
    int expected = unsigned(left).compareTo(unsigned(right));
    assertEquals(expected, Integer.signum(Addr.compare(left, right)));
    assertEquals(expected < 0, Addr.lessThan(left, right));
    assertEquals(expected <= 0, Addr.atMost(left, right));
    assertEquals(expected < 0 ? left : right, Addr.min(left, right));
    assertEquals(expected > 0 ? left : right, Addr.max(left, right));
  }

  @Property(seed = "1")
  void additionOverflowsWhereTheSumOfUnsignedNumbersIsTooBig(@ForAll long a, @ForAll long b) {
    assertEquals(unsigned(a).add(unsigned(b)).compareTo(SIZE) >= 0, Addr.addOverflows(a, b));
  }

  @Property(seed = "1")
  void roundingStaysWithinOnePage(@ForAll long addr) {
    long start = Addr.pageRoundDown(addr);
    assertTrue(Addr.isPageAligned(start));
    assertTrue(Addr.lessThan(addr - start, Addr.PAGE_SIZE));
    assertEquals(addr - start, Addr.pageOffset(addr));
    assertEquals(start, Addr.pageNumber(addr) << Addr.PAGE_SHIFT);
    long end = Addr.pageRoundUp(addr);
    assertTrue(Addr.isPageAligned(end));
    assertTrue(Addr.lessThan(end - addr, Addr.PAGE_SIZE));
    assertEquals(Addr.pageRoundUpOverflows(addr), Addr.lessThan(end, addr));
  }

  private static BigInteger unsigned(long value) {
    return value < 0 ? BigInteger.valueOf(value).add(SIZE) : BigInteger.valueOf(value);
  }
}
