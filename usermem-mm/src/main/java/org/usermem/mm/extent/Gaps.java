package org.usermem.mm.extent;

import org.jspecify.annotations.Nullable;

/**
 * Where there is room for a new extent: the lowest or the highest gap of an {@link ExtentTree} that
 * is large enough, guard bytes left out.
 */
public final class Gaps {

  /** The answer where there is no room. */
  public static final long NONE = -1;

  private Gaps() {}

  /**
   * Finds the lowest room.
   *
   * @param tree the extents
   * @param byteCount how many bytes are needed
   * @param low the lowest address allowed
   * @param high the address after the highest allowed
   * @param alignment a power of two that the result is a multiple of, where the gap found allows it
   * @return an address, or {@link #NONE}
   */
  public static <E extends Extent<E>> long lowest(
      ExtentTree<E> tree, long byteCount, long low, long high, long alignment) {
    E node = leftmost(tree.root(), byteCount, low);
    long gapStart;
    long gapEnd;
    if (node != null) {
      gapStart = gapStart(node);
      gapEnd = gapEnd(node);
    } else {
      E last = tree.last();
      gapStart = last == null ? 0 : last.end;
      gapEnd = high;
    }
    gapStart = Math.max(gapStart, low);
    gapEnd = Math.min(gapEnd, high);
    if (gapEnd - gapStart < byteCount) {
      return NONE;
    }
    long aligned = (gapStart + alignment - 1) & -alignment;
    return aligned + byteCount <= gapEnd ? aligned : gapStart;
  }

  /**
   * Finds the highest room.
   *
   * @param tree the extents
   * @param byteCount how many bytes are needed
   * @param low the lowest address allowed
   * @param high the address after the highest allowed
   * @param alignment a power of two that the result is a multiple of, where the gap found allows it
   * @return an address, or {@link #NONE}
   */
  public static <E extends Extent<E>> long highest(
      ExtentTree<E> tree, long byteCount, long low, long high, long alignment) {
    E last = tree.last();
    long gapStart = Math.max(last == null ? 0 : last.end, low);
    long gapEnd = high;
    if (gapEnd - gapStart < byteCount) {
      E node = rightmost(tree.root(), byteCount, high);
      if (node == null) {
        return NONE;
      }
      gapStart = Math.max(gapStart(node), low);
      gapEnd = Math.min(gapEnd(node), high);
      if (gapEnd - gapStart < byteCount) {
        return NONE;
      }
    }
    long start = gapEnd - byteCount;
    long aligned = start & -alignment;
    return aligned >= gapStart ? aligned : start;
  }

  private static <E extends Extent<E>> long gapStart(E node) {
    E before = node.prev;
    return before == null ? 0 : before.end;
  }

  private static <E extends Extent<E>> long gapEnd(E node) {
    return node.start - node.guardByteCount();
  }

  /** The first node with enough room before it, at or above low. */
  private static <E extends Extent<E>> @Nullable E leftmost(
      @Nullable E node, long byteCount, long low) {
    if (node == null || node.maxGap < byteCount) {
      return null;
    }
    // Gaps to the left end at or below the start, whatever this node's own guard takes.
    if (node.start - low >= byteCount) {
      E found = leftmost(node.left, byteCount, low);
      if (found != null) {
        return found;
      }
      if (gapEnd(node) - Math.max(gapStart(node), low) >= byteCount) {
        return node;
      }
    }
    return leftmost(node.right, byteCount, low);
  }

  /** The last node with enough room before it, below high. */
  private static <E extends Extent<E>> @Nullable E rightmost(
      @Nullable E node, long byteCount, long high) {
    if (node == null || node.maxGap < byteCount) {
      return null;
    }
    long start = gapStart(node);
    if (high - start >= byteCount) {
      E found = rightmost(node.right, byteCount, high);
      if (found != null) {
        return found;
      }
      if (Math.min(gapEnd(node), high) - start >= byteCount) {
        return node;
      }
    }
    return rightmost(node.left, byteCount, high);
  }
}
