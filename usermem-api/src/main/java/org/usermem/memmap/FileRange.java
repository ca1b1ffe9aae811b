package org.usermem.memmap;

import org.usermem.addr.Addr;
import org.usermem.addr.HalfOpenRange;

/**
 * A range of offsets in the memory file, in bytes, from {@code start} inclusive to {@code end}
 * exclusive.
 *
 * @param start the first offset
 * @param end the first offset after the range, not below {@code start}
 */
public record FileRange(long start, long end) implements HalfOpenRange<FileRange> {

  /**
   * Makes a range.
   *
   * @throws IllegalArgumentException if {@code end} is below {@code start}
   */
  public FileRange {
    HalfOpenRange.requireOrdered("range of the memory file", start, end);
  }

  /**
   * Returns the range of {@code byteCount} bytes at an offset.
   *
   * @throws ArithmeticException if the range would reach 2^64
   */
  public static FileRange of(long start, long byteCount) {
    return new FileRange(start, Addr.addExact(start, byteCount));
  }

  @Override
  public FileRange withBounds(long newStart, long newEnd) {
    return new FileRange(newStart, newEnd);
  }

  @Override
  public String toString() {
    return HalfOpenRange.toString(this);
  }
}
