package org.usermem.addr;

/**
 * A position in an {@link AddrRangeSeq} that moves on, for loops whose steps are shorter than a
 * range: nothing is allocated a step.
 *
 * <pre>{@code
 * for (AddrRangeCursor at = ranges.cursor(); !at.isAtEnd(); at.advance(done)) {
 *   done = copy(at.start(), at.byteCount());
 * }
 * }</pre>
 *
 * <p>Ranges of zero length are passed over.
 *
 * <p>Thread safety: none.
 */
public final class AddrRangeCursor {

  private final AddrRangeSeq ranges;
  private int index;
  private long start;
  private long byteCount;
  private long remaining;

  AddrRangeCursor(AddrRangeSeq ranges) {
    this.ranges = ranges;
    this.index = -1;
    this.remaining = ranges.numBytes();
    nextRange();
  }

  /** Returns whether no byte is left. */
  public boolean isAtEnd() {
    return remaining == 0;
  }

  /** Returns the address of the next byte; of no meaning at the end. */
  public long start() {
    return start;
  }

  /** Returns the number of bytes left in the present range, 0 only at the end. */
  public long byteCount() {
    return byteCount;
  }

  /** Returns the number of bytes left in all ranges. */
  public long remaining() {
    return remaining;
  }

  /**
   * Moves on.
   *
   * @param count from 0 to {@link #remaining()}; it may lead into later ranges
   * @throws IllegalArgumentException if {@code count} is out of range
   */
  public void advance(long count) {
    if (count < 0 || count > remaining) {
      throw new IllegalArgumentException(
          "advance by " + count + " bytes where " + remaining + " are left");
    }
    long left = count;
    remaining -= count;
    while (left >= byteCount && left != 0) {
      left -= byteCount;
      byteCount = 0;
      nextRange();
    }
    start += left;
    byteCount -= left;
  }

  private void nextRange() {
    while (byteCount == 0 && index + 1 < ranges.rangeCount()) {
      index++;
      start = ranges.start(index);
      byteCount = ranges.byteCount(index);
    }
  }
}
