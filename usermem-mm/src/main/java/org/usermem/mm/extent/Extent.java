package org.usermem.mm.extent;

import org.jspecify.annotations.Nullable;
import org.usermem.addr.AddrRange;

/**
 * A half-open range of addresses that is a node of at most one {@link ExtentTree}.
 *
 * <p>The node is intrusive: what an extent means is held by a subclass, and membership costs no
 * object beside it. Addresses of extents lie in the lower half of the address space, so they are
 * compared as signed numbers.
 *
 * @param <E> the subclass
 */
public abstract class Extent<E extends Extent<E>> {

  long start;
  long end;

  @Nullable E parent;
  @Nullable E left;
  @Nullable E right;
  @Nullable E prev;
  @Nullable E next;
  int height;

  /** Unused bytes before this extent, and the most of any node in the subtree below it. */
  long gap;

  long maxGap;

  /**
   * Makes an extent that is in no tree.
   *
   * @param start the first address
   * @param end the address after the last
   */
  protected Extent(long start, long end) {
    if (start < 0 || start >= end) {
      throw new IllegalArgumentException(
          "an extent is a non-empty range of user addresses, not 0x%x-0x%x".formatted(start, end));
    }
    this.start = start;
    this.end = end;
  }

  /** Returns the first address. */
  public final long start() {
    return start;
  }

  /** Returns the address after the last. */
  public final long end() {
    return end;
  }

  /** Returns the number of addresses. */
  public final long byteCount() {
    return end - start;
  }

  /** Returns the range as a value. */
  public final AddrRange range() {
    return new AddrRange(start, end);
  }

  /** Returns whether an address is in this extent. */
  public final boolean contains(long addr) {
    return addr >= start && addr < end;
  }

  /** Returns the extent after this one in its tree, or null. */
  public final @Nullable E next() {
    return next;
  }

  /** Returns the extent before this one in its tree, or null. */
  public final @Nullable E prev() {
    return prev;
  }

  /**
   * Returns how many bytes before this extent must stay free of new ones. Constant while the extent
   * is in a tree.
   */
  protected long guardByteCount() {
    return 0;
  }

  @Override
  public String toString() {
    return "%x-%x".formatted(start, end);
  }
}
