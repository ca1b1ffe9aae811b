package org.usermem.addr;

/**
 * A range of unsigned 64-bit positions, from {@code start} inclusive to {@code end} exclusive.
 *
 * <p>The positions are addresses, offsets in the memory file or offsets in a mappable; each has a
 * record of its own, so that the compiler keeps them apart, and all of them share the arithmetic
 * here. A range that reaches 2^64 can't be said, and no range is inverted: the constructors refuse
 * both.
 *
 * <p>Thread safety: implementations are immutable values.
 *
 * @param <R> the implementing record
 */
public interface HalfOpenRange<R extends HalfOpenRange<R>> {

  /** Returns the first position in the range. */
  long start();

  /** Returns the first position after the range. */
  long end();

  /** Returns a range of the same kind. */
  R withBounds(long newStart, long newEnd);

  /** Returns the number of positions in the range, unsigned. */
  default long byteCount() {
    return end() - start();
  }

  /** Returns whether there is nothing in the range. */
  default boolean isEmpty() {
    return start() == end();
  }

  /** Returns whether a position lies in the range. */
  default boolean contains(long position) {
    return Addr.atMost(start(), position) && Addr.lessThan(position, end());
  }

  /** Returns whether the two ranges have a position in common. */
  default boolean overlaps(R other) {
    return Addr.lessThan(start(), other.end()) && Addr.lessThan(other.start(), end());
  }

  /** Returns whether every bound of {@code other} lies within the bounds of this range. */
  default boolean isSupersetOf(R other) {
    return Addr.atMost(start(), other.start()) && Addr.atMost(other.end(), end());
  }

  /** Returns what the two ranges have in common; an empty range within this one if nothing. */
  default R intersect(R other) {
    long newStart = Addr.min(Addr.max(start(), other.start()), end());
    long newEnd = Addr.max(Addr.min(end(), other.end()), newStart);
    return withBounds(newStart, newEnd);
  }

  /** Returns whether cutting the range at a position leaves two parts that are not empty. */
  default boolean canSplitAt(long position) {
    return Addr.lessThan(start(), position) && Addr.lessThan(position, end());
  }

  /** Returns whether both bounds are multiples of the page size. */
  default boolean isPageAligned() {
    return Addr.isPageAligned(start()) && Addr.isPageAligned(end());
  }

  /**
   * Refuses bounds that are inverted; for the constructors of implementations.
   *
   * @param kind what the range is of, for the message
   * @throws IllegalArgumentException if {@code end} is below {@code start}
   */
  static void requireOrdered(String kind, long start, long end) {
    if (Addr.lessThan(end, start)) {
      throw new IllegalArgumentException(
          kind + " ends at " + Addr.toString(end) + ", before its start " + Addr.toString(start));
    }
  }

  /** Returns a range as text, such as "[0x1000, 0x3000)". */
  static String toString(HalfOpenRange<?> range) {
    return "[" + Addr.toString(range.start()) + ", " + Addr.toString(range.end()) + ")";
  }
}
