package org.usermem.addr;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of ranges of guest addresses: what an iovec array says, less the part that is done.
 *
 * <p>Ranges of zero length are kept, because a bounds check looks at them too; so a sequence of 0
 * bytes is not always empty. Together the ranges have at most 2^63 - 1 bytes.
 *
 * <p>A sequence of one range is one object. A sequence of more shares one array of (start, byte
 * count) pairs with all that is dropped and taken from it, so both are one small object; {@link
 * #dropFirst} passes each range once over the life of the array and {@link #takeFirst} looks at the
 * ranges up to its cut. Walk a sequence by index, or with an {@link AddrRangeCursor} where single
 * steps are shorter than a range; neither allocates.
 *
 * <p>Source: {@code pkg/hostarch/addr_range_seq_unsafe.go} of gVisor.
 *
 * <p>Thread safety: immutable.
 */
public final class AddrRangeSeq {

  private static final long[] NO_PAIRS = {};
  private static final AddrRangeSeq EMPTY = new AddrRangeSeq(null, 0, 0, 0, 0, 0, 0);

  /**
   * (start, byte count) pairs, or null if there is at most one range. Then {@link #headOffset} is
   * its start and {@link #numBytes} its length.
   */
  private final long @Nullable [] pairs;

  /** Index of the pair of the first range, and of the pair after the last. */
  private final int first;

  private final int limit;

  /** Bytes of the first range that are dropped. */
  private final long headOffset;

  /**
   * Index of the pair in which {@link #takeFirst} has cut, and the bytes of it before the cut.
   * Ranges after it have zero length.
   */
  private final int cut;

  private final long cutByteCount;
  private final long numBytes;

  private AddrRangeSeq(
      long @Nullable [] pairs,
      int first,
      int limit,
      long headOffset,
      int cut,
      long cutByteCount,
      long numBytes) {
    this.pairs = pairs;
    this.first = first;
    this.limit = limit;
    this.headOffset = headOffset;
    this.cut = cut;
    this.cutByteCount = cutByteCount;
    this.numBytes = numBytes;
  }

  private static AddrRangeSeq single(long start, long byteCount) {
    return new AddrRangeSeq(null, 0, 1, start, 0, 0, byteCount);
  }

  /** Returns the sequence without ranges. */
  public static AddrRangeSeq empty() {
    return EMPTY;
  }

  /**
   * Returns the sequence of one range.
   *
   * @throws IllegalArgumentException if the range has more than 2^63 - 1 bytes
   */
  public static AddrRangeSeq of(AddrRange range) {
    return of(range.start(), range.byteCount());
  }

  /**
   * Returns the sequence of the one range of {@code byteCount} bytes at an address.
   *
   * @param start an address
   * @param byteCount from 0 to 2^63 - 1
   * @throws IllegalArgumentException if {@code byteCount} is out of range, or the range would reach
   *     2^64
   */
  public static AddrRangeSeq of(long start, long byteCount) {
    requireRange(start, byteCount);
    return single(start, byteCount);
  }

  /**
   * Returns the sequence of some ranges.
   *
   * @throws IllegalArgumentException if together they have more than 2^63 - 1 bytes
   */
  public static AddrRangeSeq of(List<AddrRange> ranges) {
    long[] pairs = new long[2 * ranges.size()];
    int i = 0;
    for (AddrRange range : ranges) {
      pairs[i++] = range.start();
      pairs[i++] = range.byteCount();
    }
    return ofPairs(pairs, pairs.length / 2);
  }

  /**
   * Returns the sequence of the ranges that an array of (start, byte count) pairs says.
   *
   * <p>The array is kept and not copied: it must not change while this sequence, or one that was
   * made from it, is in use. It may be longer than the pairs.
   *
   * @param startsAndByteCounts start of range i at 2 i, its byte count at 2 i + 1
   * @param rangeCount the number of ranges
   * @throws IllegalArgumentException if a byte count is negative, a range would reach 2^64, or
   *     together they have more than 2^63 - 1 bytes
   */
  public static AddrRangeSeq ofPairs(long[] startsAndByteCounts, int rangeCount) {
    if (rangeCount < 0 || rangeCount > startsAndByteCounts.length / 2) {
      throw new IllegalArgumentException(
          rangeCount + " ranges do not fit in an array of " + startsAndByteCounts.length);
    }
    long numBytes = 0;
    for (int i = 0; i < rangeCount; i++) {
      long byteCount = startsAndByteCounts[2 * i + 1];
      requireRange(startsAndByteCounts[2 * i], byteCount);
      numBytes += byteCount;
      if (numBytes < 0) {
        throw new IllegalArgumentException(
            "ranges 0 to " + i + " have more than 2^63 - 1 bytes together");
      }
    }
    if (rangeCount == 0) {
      return EMPTY;
    }
    // One allocation for one range and for many, so that it can be kept in registers.
    boolean many = rangeCount > 1;
    return new AddrRangeSeq(
        many ? startsAndByteCounts : null,
        0,
        rangeCount,
        many ? 0 : startsAndByteCounts[0],
        many ? rangeCount - 1 : 0,
        many ? startsAndByteCounts[2 * rangeCount - 1] : 0,
        numBytes);
  }

  private static void requireRange(long start, long byteCount) {
    if (byteCount < 0 || Addr.addOverflows(start, byteCount)) {
      throw new IllegalArgumentException(
          "range at "
              + Addr.toString(start)
              + " of "
              + Long.toUnsignedString(byteCount)
              + " bytes: at most 2^63 - 1 bytes, and its end below 2^64");
    }
  }

  /** Returns whether there are no ranges, not even one of zero length. */
  public boolean isEmpty() {
    return first == limit;
  }

  /** Returns the number of ranges, those of zero length included. */
  public int rangeCount() {
    return limit - first;
  }

  /** Returns the number of bytes in all ranges, from 0 to 2^63 - 1. */
  public long numBytes() {
    return numBytes;
  }

  /**
   * Returns the start of a range.
   *
   * @param index from 0 to {@code rangeCount() - 1}
   * @throws IndexOutOfBoundsException if there is no such range
   */
  public long start(int index) {
    int i = pairIndex(index);
    if (pairs == null) {
      return headOffset;
    }
    return i == first ? pairs[2 * i] + headOffset : pairs[2 * i];
  }

  /**
   * Returns the number of bytes in a range.
   *
   * @param index from 0 to {@code rangeCount() - 1}
   * @throws IndexOutOfBoundsException if there is no such range
   */
  public long byteCount(int index) {
    int i = pairIndex(index);
    if (pairs == null) {
      return numBytes;
    }
    return i == first ? endInPair(pairs, i) - headOffset : endInPair(pairs, i);
  }

  private int pairIndex(int index) {
    return first + Objects.checkIndex(index, limit - first);
  }

  /**
   * Returns a range.
   *
   * @throws IndexOutOfBoundsException if there is no such range
   */
  public AddrRange range(int index) {
    long start = start(index);
    return new AddrRange(start, start + byteCount(index));
  }

  /**
   * Returns the first range.
   *
   * @throws IndexOutOfBoundsException if there are no ranges
   */
  public AddrRange head() {
    return range(0);
  }

  /**
   * Returns all ranges but the first.
   *
   * @throws IndexOutOfBoundsException if there are no ranges
   */
  public AddrRangeSeq tail() {
    long remaining = numBytes - byteCount(0);
    return pairs == null ? EMPTY : from(pairs, first + 1, 0, remaining);
  }

  /** The rest of the array from an offset in a pair, or from its end. */
  private AddrRangeSeq from(long[] array, int newFirst, long newHeadOffset, long remaining) {
    return switch (limit - newFirst) {
      case 0 -> EMPTY;
      case 1 -> single(array[2 * newFirst] + newHeadOffset, remaining);
      default ->
          new AddrRangeSeq(array, newFirst, limit, newHeadOffset, cut, cutByteCount, remaining);
    };
  }

  /** Where in a pair its bytes end, counted from its start. */
  private long endInPair(long[] array, int i) {
    return i < cut ? array[2 * i + 1] : i == cut ? cutByteCount : 0;
  }

  /**
   * Returns the sequence without its first {@code byteCount} bytes; the empty one if it has no
   * more.
   *
   * <p>A leading range of zero length is left out even where {@code byteCount} is 0, so that a loop
   * that does something with {@link #head} and then drops what was done comes to an end. Further
   * ranges of zero length stay until they are the leading one.
   *
   * @param byteCount not negative
   * @throws IllegalArgumentException if {@code byteCount} is negative
   */
  public AddrRangeSeq dropFirst(long byteCount) {
    requireCount(byteCount);
    if (byteCount > numBytes || isEmpty()) {
      return EMPTY;
    }
    if (pairs == null) {
      return byteCount == numBytes ? EMPTY : single(headOffset + byteCount, numBytes - byteCount);
    }
    if (byteCount < endInPair(pairs, first) - headOffset) {
      long offset = headOffset + byteCount;
      return new AddrRangeSeq(pairs, first, limit, offset, cut, cutByteCount, numBytes - byteCount);
    }
    return dropRangesSlow(pairs, byteCount);
  }

  private AddrRangeSeq dropRangesSlow(long[] array, long byteCount) {
    int i = first + 1;
    long left = byteCount - (endInPair(array, first) - headOffset);
    while (left != 0) {
      long inRange = endInPair(array, i);
      if (left < inRange) {
        break;
      }
      left -= inRange;
      i++;
    }
    return from(array, i, left, numBytes - byteCount);
  }

  /**
   * Returns the sequence cut after its first {@code byteCount} bytes; the same if it has no more.
   *
   * <p>No range is left out: those after the cut remain, with zero length.
   *
   * @param byteCount not negative
   * @throws IllegalArgumentException if {@code byteCount} is negative
   */
  public AddrRangeSeq takeFirst(long byteCount) {
    requireCount(byteCount);
    if (byteCount >= numBytes) {
      return this;
    }
    if (pairs == null) {
      return single(headOffset, byteCount);
    }
    long end = headOffset + byteCount;
    return end <= endInPair(pairs, first)
        ? new AddrRangeSeq(pairs, first, limit, headOffset, first, end, byteCount)
        : takeRangesSlow(pairs, byteCount);
  }

  private AddrRangeSeq takeRangesSlow(long[] array, long byteCount) {
    int i = first;
    long left = headOffset + byteCount;
    for (long inRange; left > (inRange = endInPair(array, i)); i++) {
      left -= inRange;
    }
    return new AddrRangeSeq(array, first, limit, headOffset, i, left, byteCount);
  }

  private static void requireCount(long byteCount) {
    if (byteCount < 0) {
      throw new IllegalArgumentException("byte count " + byteCount + " is negative");
    }
  }

  /** Returns a cursor at the first byte. */
  public AddrRangeCursor cursor() {
    long[] array = pairs == null ? NO_PAIRS : pairs;
    long start = headOffset;
    long byteCount = numBytes;
    if (array.length != 0) {
      start += array[2 * first];
      byteCount = (first == cut ? cutByteCount : array[2 * first + 1]) - headOffset;
    }
    // One allocation and no branch around it, so that it can be kept in registers.
    return new AddrRangeCursor(array, first, cut, cutByteCount, start, byteCount, numBytes);
  }

  /** Returns whether the other is a sequence of the same ranges. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof AddrRangeSeq seq) || seq.rangeCount() != rangeCount()) {
      return false;
    }
    for (int i = 0; i < rangeCount(); i++) {
      if (seq.start(i) != start(i) || seq.byteCount(i) != byteCount(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = rangeCount();
    for (int i = 0; i < rangeCount(); i++) {
      hash = 31 * (31 * hash + Long.hashCode(start(i))) + Long.hashCode(byteCount(i));
    }
    return hash;
  }

  /** Returns the ranges as text, such as "[[0x1000, 0x2000) [0x3000, 0x3000)]". */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < rangeCount(); i++) {
      text.append(i == 0 ? "" : " ").append(range(i));
    }
    return text.append(']').toString();
  }
}
