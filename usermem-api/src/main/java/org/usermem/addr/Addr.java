package org.usermem.addr;

/**
 * Arithmetic on guest addresses, offsets in files and the page numbers made of them.
 *
 * <p>An address is an unsigned 64-bit number held in a {@code long}; only this class compares and
 * adds them. What can overflow comes in two forms: a test ({@code ...Overflows}) and an exact form
 * that throws. The page size is that of x86-64.
 *
 * <p>Source of the rules: {@code include/linux/mm.h} and {@code arch/x86/include/asm/page_types.h}
 * of Linux, {@code pkg/hostarch} of gVisor.
 */
public final class Addr {

  /** Number of bits of an address that say where in its page it is. */
  public static final int PAGE_SHIFT = 12;

  /** Number of bytes in a page. */
  public static final long PAGE_SIZE = 1L << PAGE_SHIFT;

  /** Number of bits of an address that say where in its huge page it is. */
  public static final int HUGE_PAGE_SHIFT = 21;

  /** Number of bytes in a huge page (one entry of a page middle directory). */
  public static final long HUGE_PAGE_SIZE = 1L << HUGE_PAGE_SHIFT;

  /** The greatest address. */
  public static final long MAX = -1L;

  private static final long PAGE_OFFSET_MASK = PAGE_SIZE - 1;
  private static final long HUGE_PAGE_OFFSET_MASK = HUGE_PAGE_SIZE - 1;

  private Addr() {}

  /**
   * Compares two addresses.
   *
   * @return a negative number, zero or a positive number as {@code left} is below, equal to or
   *     above {@code right}
   */
  public static int compare(long left, long right) {
    return Long.compareUnsigned(left, right);
  }

  /**
   * Returns whether an address lies below another.
   *
   * @param left an address
   * @param right an address
   * @return whether {@code left} is less than {@code right}, both unsigned
   */
  public static boolean lessThan(long left, long right) {
    return left + Long.MIN_VALUE < right + Long.MIN_VALUE;
  }

  /** Returns whether {@code left} is below or equal to {@code right}, both unsigned. */
  public static boolean atMost(long left, long right) {
    return left + Long.MIN_VALUE <= right + Long.MIN_VALUE;
  }

  /** Returns the lower of two addresses. */
  public static long min(long left, long right) {
    return lessThan(left, right) ? left : right;
  }

  /** Returns the higher of two addresses. */
  public static long max(long left, long right) {
    return lessThan(left, right) ? right : left;
  }

  /**
   * Returns whether {@code addr + byteCount} is beyond the greatest address.
   *
   * <p>The end of a range is exclusive, so a range that holds the very last byte of the address
   * space has an end that overflows and is refused too; no program has memory there.
   *
   * @param addr an address
   * @param byteCount an unsigned number of bytes
   */
  public static boolean addOverflows(long addr, long byteCount) {
    return lessThan(addr + byteCount, addr);
  }

  /**
   * Returns {@code addr + byteCount}.
   *
   * @param addr an address
   * @param byteCount an unsigned number of bytes
   * @throws ArithmeticException if the sum is beyond the greatest address
   */
  public static long addExact(long addr, long byteCount) {
    if (addOverflows(addr, byteCount)) {
      throw new ArithmeticException(
          "address " + toString(addr) + " + " + toString(byteCount) + " bytes is beyond 2^64 - 1");
    }
    return addr + byteCount;
  }

  /**
   * Returns the start of the page that holds an address.
   *
   * @param addr an address
   * @return the greatest multiple of the page size that is not above {@code addr}
   */
  public static long pageRoundDown(long addr) {
    return addr & -PAGE_SIZE;
  }

  /**
   * Returns the least multiple of the page size that is not below an address; 0 where that
   * overflows, as PAGE_ALIGN of Linux gives.
   *
   * @see #pageRoundUpOverflows(long)
   */
  public static long pageRoundUp(long addr) {
    return (addr + PAGE_OFFSET_MASK) & -PAGE_SIZE;
  }

  /** Returns whether an address lies above the start of the last page. */
  public static boolean pageRoundUpOverflows(long addr) {
    return addOverflows(addr, PAGE_OFFSET_MASK);
  }

  /**
   * Returns the least multiple of the page size that is not below an address.
   *
   * @throws ArithmeticException if it is beyond the greatest address
   */
  public static long pageRoundUpExact(long addr) {
    return pageRoundDown(addExact(addr, PAGE_OFFSET_MASK));
  }

  /** Returns where in its page an address is, from 0 to {@code PAGE_SIZE - 1}. */
  public static int pageOffset(long addr) {
    return (int) (addr & PAGE_OFFSET_MASK);
  }

  /** Returns the number of bytes from an address to the end of its page, from 1 to PAGE_SIZE. */
  public static int bytesToPageEnd(long addr) {
    return (int) PAGE_SIZE - pageOffset(addr);
  }

  /** Returns whether an address is a multiple of the page size. */
  public static boolean isPageAligned(long addr) {
    return (addr & PAGE_OFFSET_MASK) == 0;
  }

  /** Returns the number of the page that holds an address. */
  public static long pageNumber(long addr) {
    return addr >>> PAGE_SHIFT;
  }

  /** Returns the start of the huge page that holds an address. */
  public static long hugePageRoundDown(long addr) {
    return addr & -HUGE_PAGE_SIZE;
  }

  /**
   * Returns the least multiple of the huge page size that is not below an address; 0 where that
   * overflows.
   *
   * @see #hugePageRoundUpOverflows(long)
   */
  public static long hugePageRoundUp(long addr) {
    return (addr + HUGE_PAGE_OFFSET_MASK) & -HUGE_PAGE_SIZE;
  }

  /** Returns whether an address lies above the start of the last huge page. */
  public static boolean hugePageRoundUpOverflows(long addr) {
    return addOverflows(addr, HUGE_PAGE_OFFSET_MASK);
  }

  /** Returns whether an address is a multiple of the huge page size. */
  public static boolean isHugePageAligned(long addr) {
    return (addr & HUGE_PAGE_OFFSET_MASK) == 0;
  }

  /** Returns whether an address is a multiple of {@code alignment}, a power of two. */
  public static boolean isAligned(long addr, long alignment) {
    return (addr & (alignment - 1)) == 0;
  }

  /** Returns an address as programs print it, such as "0x7fff0000". */
  public static String toString(long addr) {
    return "0x" + Long.toHexString(addr);
  }
}
