package org.usermem.addr;

/**
 * A range of guest addresses, from {@code start} inclusive to {@code end} exclusive, unsigned.
 *
 * @param start the first address
 * @param end the first address after the range, not below {@code start}
 */
public record AddrRange(long start, long end) implements HalfOpenRange<AddrRange> {

  /**
   * Makes a range.
   *
   * @throws IllegalArgumentException if {@code end} is below {@code start}
   */
  public AddrRange {
    HalfOpenRange.requireOrdered("range of addresses", start, end);
  }

  /**
   * Returns the range of {@code byteCount} bytes at an address.
   *
   * @throws ArithmeticException if the range would reach 2^64; ask {@link Addr#addOverflows} first
   *     where the numbers are a program's
   */
  public static AddrRange of(long start, long byteCount) {
    return new AddrRange(start, Addr.addExact(start, byteCount));
  }

  @Override
  public AddrRange withBounds(long newStart, long newEnd) {
    return new AddrRange(newStart, newEnd);
  }

  @Override
  public String toString() {
    return HalfOpenRange.toString(this);
  }
}
