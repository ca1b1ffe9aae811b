package org.usermem.memmap;

import org.usermem.addr.Addr;
import org.usermem.addr.HalfOpenRange;

/**
 * A range of offsets in a {@link Mappable}, in bytes, from {@code start} inclusive to {@code end}
 * exclusive.
 *
 * @param start the first offset
 * @param end the first offset after the range, not below {@code start}
 */
public record MappableRange(long start, long end) implements HalfOpenRange<MappableRange> {

  /**
   * Makes a range.
   *
   * @throws IllegalArgumentException if {@code end} is below {@code start}
   */
  public MappableRange {
    HalfOpenRange.requireOrdered("range of a mappable", start, end);
  }

  /**
   * Returns the range of {@code byteCount} bytes at an offset.
   *
   * @throws ArithmeticException if the range would reach 2^64
   */
  public static MappableRange of(long start, long byteCount) {
    return new MappableRange(start, Addr.addExact(start, byteCount));
  }

  @Override
  public MappableRange withBounds(long newStart, long newEnd) {
    return new MappableRange(newStart, newEnd);
  }

  @Override
  public String toString() {
    return HalfOpenRange.toString(this);
  }
}
