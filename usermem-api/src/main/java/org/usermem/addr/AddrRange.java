package org.usermem.addr;

import org.jspecify.annotations.Nullable;

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

  // Those that a record has by itself are linked when they are first called, which takes some
  // milliseconds of every start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddrRange range && start == range.start && end == range.end;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(start) * 31 + Long.hashCode(end);
  }

  @Override
  public String toString() {
    return HalfOpenRange.toString(this);
  }
}
