package org.usermem.addr;

/**
 * Arithmetic on guest addresses. An address is an unsigned 64-bit number held in a {@code long};
 * only this class compares and adds them.
 */
public final class Addr {

  /** Number of bits of an address that say where in its page it is. */
  public static final int PAGE_SHIFT = 12;

  /** Number of bytes in a page. */
  public static final long PAGE_SIZE = 1L << PAGE_SHIFT;

  private Addr() {}

  /**
   * Returns whether an address lies below another.
   *
   * @param left an address
   * @param right an address
   * @return whether {@code left} is less than {@code right}, both unsigned
   */
  public static boolean lessThan(long left, long right) {
    return Long.compareUnsigned(left, right) < 0;
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
}
