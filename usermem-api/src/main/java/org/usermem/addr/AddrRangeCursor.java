package org.usermem.addr;

/**
 * A position in an {@link AddrRangeSeq} that moves on, for loops: nothing is allocated a step, and
 * the cursor itself is not where the loop is compiled with it.
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

  /** The pairs of the sequence, the one that is cut, and what is left of that. */
  private final long[] pairs;

  private final int cut;
  private final long cutByteCount;

  private int index;
  private long start;
  private long byteCount;
  private long remaining;

  AddrRangeCursor(
      long[] pairs,
      int first,
      int cut,
      long cutByteCount,
      long start,
      long byteCount,
      long remaining) {
    this.pairs = pairs;
    this.cut = cut;
    this.cutByteCount = cutByteCount;
    int i = first;
    long headStart = start;
    long headByteCount = byteCount;
    // While bytes are left, they are in pairs up to the cut.
    while (headByteCount == 0 && remaining != 0) {
      i++;
      headStart = pairs[2 * i];
      headByteCount = i < cut ? pairs[2 * i + 1] : cutByteCount;
    }
    this.index = i;
    this.start = headStart;
    this.byteCount = headByteCount;
    this.remaining = remaining;
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

  /** Moves on to the next range that has a byte, or to the end. */
  public void nextRange() {
    remaining -= byteCount;
    byteCount = 0;
    // While bytes are left, they are in pairs up to the cut.
    while (byteCount == 0 && remaining != 0) {
      index++;
      start = pairs[2 * index];
      byteCount = index < cut ? pairs[2 * index + 1] : cutByteCount;
    }
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
    while (left >= byteCount && left != 0) {
      left -= byteCount;
      nextRange();
    }
    start += left;
    byteCount -= left;
    remaining -= left;
  }
}
