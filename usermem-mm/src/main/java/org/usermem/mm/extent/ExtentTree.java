package org.usermem.mm.extent;

import org.jspecify.annotations.Nullable;

/**
 * Disjoint extents in order of address: an AVL tree whose nodes also form a list, and know the
 * largest gap below them, so that finding an extent, its neighbour, or room for a new one takes
 * time logarithmic in the number of extents.
 *
 * <p>Linux keeps its VMAs likewise (a red-black tree with {@code rb_subtree_gap}, later a maple
 * tree). Not thread-safe.
 *
 * @param <E> the kind of extent
 */
@SuppressWarnings(
    "ReferenceEquality") // Nodes are themselves, whatever else a subclass makes equal.
public final class ExtentTree<E extends Extent<E>> {

  private @Nullable E root;
  private @Nullable E first;
  private @Nullable E last;
  private int size;
  private long span;

  /** Makes an empty tree. */
  public ExtentTree() {}

  /** Returns the number of extents. */
  public int size() {
    return size;
  }

  /** Returns the number of bytes in all extents. */
  public long span() {
    return span;
  }

  /** Returns the extent with the lowest address, or null. */
  public @Nullable E first() {
    return first;
  }

  /** Returns the extent with the highest address, or null. */
  public @Nullable E last() {
    return last;
  }

  @Nullable E root() {
    return root;
  }

  /** Returns the extent that an address is in, or null. */
  public @Nullable E find(long addr) {
    E node = root;
    while (node != null) {
      if (addr < node.start) {
        node = node.left;
      } else if (addr >= node.end) {
        node = node.right;
      } else {
        return node;
      }
    }
    return null;
  }

  /** Returns the first extent that ends above an address, or null. */
  public @Nullable E lowerBound(long addr) {
    E node = root;
    E best = null;
    while (node != null) {
      if (addr < node.end) {
        best = node;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return best;
  }

  /** Returns the last extent that starts at or below an address, or null. */
  public @Nullable E upperBound(long addr) {
    E node = root;
    E best = null;
    while (node != null) {
      if (addr >= node.start) {
        best = node;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return best;
  }

  /** Returns whether no extent overlaps a range. */
  public boolean isFree(long start, long end) {
    E node = lowerBound(start);
    return node == null || node.start >= end;
  }

  /** Returns the number of bytes of a range that are in extents. */
  public long spanIn(long start, long end) {
    long bytes = 0;
    for (E node = lowerBound(start); node != null && node.start < end; node = node.next) {
      bytes += Math.min(node.end, end) - Math.max(node.start, start);
    }
    return bytes;
  }

  /**
   * Adds an extent.
   *
   * @throws IllegalStateException if it overlaps one that is there
   */
  public void insert(E node) {
    E above = null;
    E below = root;
    while (below != null) {
      above = below;
      below = node.start < below.start ? below.left : below.right;
    }
    node.parent = above;
    node.left = null;
    node.right = null;
    if (above == null) {
      root = node;
      link(null, node, null);
    } else if (node.start < above.start) {
      link(above.prev, node, above);
      above.left = node;
    } else {
      link(above, node, above.next);
      above.right = node;
    }
    size++;
    span += node.end - node.start;
    node.height = 0;
    updateGap(node);
    rebalanceUp(node);
    gapChanged(node.next);
  }

  private void link(@Nullable E before, E node, @Nullable E after) {
    if ((before != null && before.end > node.start) || (after != null && node.end > after.start)) {
      throw new IllegalStateException(node + " overlaps " + before + " or " + after);
    }
    node.prev = before;
    node.next = after;
    if (before == null) {
      first = node;
    } else {
      before.next = node;
    }
    if (after == null) {
      last = node;
    } else {
      after.prev = node;
    }
  }

  /** Removes an extent, which must be in this tree. */
  public void remove(E node) {
    E before = node.prev;
    E after = node.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.prev = before;
    }
    size--;
    span -= node.end - node.start;
    E lowest = cut(node);
    if (lowest != null) {
      rebalanceUp(lowest);
    }
    gapChanged(after);
    node.parent = null;
    node.left = null;
    node.right = null;
    node.prev = null;
    node.next = null;
  }

  /** Takes a node out of the tree shape; returns the lowest node whose subtree changed. */
  private @Nullable E cut(E node) {
    E left = node.left;
    E right = node.right;
    if (left == null || right == null) {
      E child = left == null ? right : left;
      E parent = node.parent;
      replaceChild(parent, node, child);
      return parent;
    }
    // The successor has no left child: it takes the node's place.
    E successor = right;
    while (successor.left != null) {
      successor = successor.left;
    }
    E lowest = successor.parent;
    if (lowest == node) {
      lowest = successor;
    } else {
      replaceChild(lowest, successor, successor.right);
      successor.right = right;
      right.parent = successor;
    }
    replaceChild(node.parent, node, successor);
    successor.left = left;
    left.parent = successor;
    successor.height = node.height;
    return lowest;
  }

  private void replaceChild(@Nullable E parent, E old, @Nullable E child) {
    if (parent == null) {
      root = child;
    } else if (parent.left == old) {
      parent.left = child;
    } else {
      parent.right = child;
    }
    if (child != null) {
      child.parent = parent;
    }
  }

  /**
   * Moves the bounds of an extent in place; they must stay between its neighbours.
   *
   * @throws IllegalStateException if they do not
   */
  public void resize(E node, long start, long end) {
    E before = node.prev;
    E after = node.next;
    if (start >= end
        || (before != null && before.end > start)
        || (after != null && end > after.start)) {
      throw new IllegalStateException("%s can't become %x-%x".formatted(node, start, end));
    }
    span += (end - start) - (node.end - node.start);
    boolean moved = node.start != start;
    node.start = start;
    node.end = end;
    if (moved) {
      gapChanged(node);
    }
    gapChanged(after);
  }

  /** Removes every extent. The nodes themselves keep their links and can't be used again. */
  public void clear() {
    root = null;
    first = null;
    last = null;
    size = 0;
    span = 0;
  }

  private void gapChanged(@Nullable E node) {
    if (node == null) {
      return;
    }
    updateGap(node);
    for (E at = node; at != null; at = at.parent) {
      long before = at.maxGap;
      summarize(at);
      if (at.maxGap == before && at != node) {
        return;
      }
    }
  }

  private void updateGap(E node) {
    E before = node.prev;
    long free = node.start - (before == null ? 0 : before.end) - node.guardByteCount();
    node.gap = Math.max(free, 0);
  }

  private static <E extends Extent<E>> int heightOf(@Nullable E node) {
    return node == null ? -1 : node.height;
  }

  private static <E extends Extent<E>> void summarize(E node) {
    E left = node.left;
    E right = node.right;
    node.height = Math.max(heightOf(left), heightOf(right)) + 1;
    long most = node.gap;
    if (left != null && left.maxGap > most) {
      most = left.maxGap;
    }
    if (right != null && right.maxGap > most) {
      most = right.maxGap;
    }
    node.maxGap = most;
  }

  private void rebalanceUp(E from) {
    for (E node = from; node != null; node = node.parent) {
      summarize(node);
      int lean = heightOf(node.left) - heightOf(node.right);
      if (lean > 1) {
        node = leanLeft(node);
      } else if (lean < -1) {
        node = leanRight(node);
      }
    }
  }

  private E leanLeft(E node) {
    E child = present(node.left);
    if (heightOf(child.left) < heightOf(child.right)) {
      rotateLeft(child);
    }
    return rotateRight(node);
  }

  private E leanRight(E node) {
    E child = present(node.right);
    if (heightOf(child.right) < heightOf(child.left)) {
      rotateRight(child);
    }
    return rotateLeft(node);
  }

  private E rotateLeft(E node) {
    E child = present(node.right);
    E inner = child.left;
    replaceChild(node.parent, node, child);
    node.right = inner;
    if (inner != null) {
      inner.parent = node;
    }
    child.left = node;
    node.parent = child;
    summarize(node);
    summarize(child);
    return child;
  }

  private E rotateRight(E node) {
    E child = present(node.left);
    E inner = child.right;
    replaceChild(node.parent, node, child);
    node.left = inner;
    if (inner != null) {
      inner.parent = node;
    }
    child.right = node;
    node.parent = child;
    summarize(node);
    summarize(child);
    return child;
  }

  private static <E> E present(@Nullable E node) {
    if (node == null) {
      throw new IllegalStateException("an AVL node leans on a child that is not there");
    }
    return node;
  }
}
