package org.usermem.platform.memory;

import org.jspecify.annotations.Nullable;

/**
 * The extents of a memory file: they cover it without gaps or overlaps, and no two neighbours are
 * in the same state once {@link #coalesce} has been called on each that changed.
 *
 * <p>It is a treap (a search tree by offset that is a heap by random priorities, so its depth is
 * logarithmic whatever the order of insertions) whose nodes know the longest free extents below
 * them, which makes first fit from either end logarithmic too. A list through the nodes gives
 * neighbours at once.
 *
 * <p>Thread safety: none; the memory file's lock guards it.
 */
final class ExtentTree {

  private Extent root;
  private int random = 0x9e3779b9;

  ExtentTree(long byteCount) {
    root = new Extent(0, byteCount, ExtentState.CLEAN);
    updateLongest(root);
  }

  /** Returns the extent that holds an offset within the file. */
  Extent find(long offset) {
    @Nullable Extent extent = root;
    while (extent != null) {
      if (offset < extent.start) {
        extent = extent.left;
      } else if (offset >= extent.end) {
        extent = extent.right;
      } else {
        return extent;
      }
    }
    throw new IndexOutOfBoundsException("no page at offset " + offset + " in the memory file");
  }

  /** Returns the extent with the lowest offset. */
  Extent first() {
    Extent extent = root;
    while (extent.left != null) {
      extent = extent.left;
    }
    return extent;
  }

  /**
   * Returns the first free extent of a length.
   *
   * @param state CLEAN or DIRTY
   * @param byteCount the least length
   * @param direction from which end to search
   */
  @Nullable Extent findFree(ExtentState state, long byteCount, AllocationDirection direction) {
    if (longest(root, state) < byteCount) {
      return null;
    }
    boolean bottomUp = direction == AllocationDirection.BOTTOM_UP;
    Extent extent = root;
    while (true) {
      @Nullable Extent near = bottomUp ? extent.left : extent.right;
      if (near != null && longest(near, state) >= byteCount) {
        extent = near;
      } else if (extent.state == state && extent.byteCount() >= byteCount) {
        return extent;
      } else {
        @Nullable Extent far = bottomUp ? extent.right : extent.left;
        if (far == null) {
          throw new IllegalStateException("the tree promised a free extent and has none");
        }
        extent = far;
      }
    }
  }

  /**
   * Cuts an extent in two; the upper part becomes a new extent in the same state.
   *
   * @param extent an extent
   * @param offset where to cut, strictly within it
   * @return the upper part
   */
  Extent split(Extent extent, long offset) {
    Extent upper = new Extent(offset, extent.end, extent.state);
    upper.copyStateFrom(extent);
    extent.end = offset;
    insertAfter(extent, upper);
    stateChanged(extent);
    return upper;
  }

  /** Brings the tree up to date with a new state of an extent. */
  void stateChanged(Extent extent) {
    for (@Nullable Extent node = extent; node != null; node = node.parent) {
      updateLongest(node);
    }
  }

  /**
   * Joins an extent with those of its neighbours that are in the same state.
   *
   * @return the extent that covers it now
   */
  Extent coalesce(Extent extent) {
    Extent result = coalesceWithPrevious(extent);
    @Nullable Extent next = result.next;
    if (next != null && next.isLikeNeighbour(result)) {
      long end = next.end;
      remove(next);
      result.end = end;
      stateChanged(result);
    }
    return result;
  }

  /**
   * Joins an extent with the one before it, if that is in the same state.
   *
   * @return the extent that covers it now
   */
  Extent coalesceWithPrevious(Extent extent) {
    @Nullable Extent previous = extent.previous;
    if (previous == null || !previous.isLikeNeighbour(extent)) {
      return extent;
    }
    long end = extent.end;
    remove(extent);
    previous.end = end;
    stateChanged(previous);
    return previous;
  }

  private void insertAfter(Extent extent, Extent added) {
    added.previous = extent;
    added.next = extent.next;
    if (added.next != null) {
      added.next.previous = added;
    }
    extent.next = added;
    if (extent.right == null) {
      extent.right = added;
      added.parent = extent;
    } else {
      Extent leaf = extent.right;
      while (leaf.left != null) {
        leaf = leaf.left;
      }
      leaf.left = added;
      added.parent = leaf;
    }
    added.priority = nextRandom();
    stateChanged(added);
    while (added.parent != null && added.parent.priority < added.priority) {
      rotateUp(added, added.parent);
    }
  }

  private void remove(Extent extent) {
    while (true) {
      @Nullable Extent left = extent.left;
      @Nullable Extent right = extent.right;
      if (left == null && right == null) {
        break;
      }
      boolean liftLeft = right == null || (left != null && left.priority > right.priority);
      @Nullable Extent lifted = liftLeft ? left : right;
      if (lifted != null) {
        rotateUp(lifted, extent);
      }
    }
    @Nullable Extent parent = extent.parent;
    if (parent == null) {
      throw new IllegalStateException("the last extent can't be removed");
    }
    if (parent.left == extent) {
      parent.left = null;
    } else {
      parent.right = null;
    }
    stateChanged(parent);
    if (extent.previous != null) {
      extent.previous.next = extent.next;
    }
    if (extent.next != null) {
      extent.next.previous = extent.previous;
    }
  }

  private void rotateUp(Extent child, Extent parent) {
    @Nullable Extent grandparent = parent.parent;
    if (parent.left == child) {
      parent.left = child.right;
      if (child.right != null) {
        child.right.parent = parent;
      }
      child.right = parent;
    } else {
      parent.right = child.left;
      if (child.left != null) {
        child.left.parent = parent;
      }
      child.left = parent;
    }
    parent.parent = child;
    child.parent = grandparent;
    if (grandparent == null) {
      root = child;
    } else if (grandparent.left == parent) {
      grandparent.left = child;
    } else {
      grandparent.right = child;
    }
    updateLongest(parent);
    updateLongest(child);
  }

  private static void updateLongest(Extent extent) {
    long clean = extent.state == ExtentState.CLEAN ? extent.byteCount() : 0;
    long dirty = extent.state == ExtentState.DIRTY ? extent.byteCount() : 0;
    if (extent.left != null) {
      clean = Math.max(clean, extent.left.longestClean);
      dirty = Math.max(dirty, extent.left.longestDirty);
    }
    if (extent.right != null) {
      clean = Math.max(clean, extent.right.longestClean);
      dirty = Math.max(dirty, extent.right.longestDirty);
    }
    extent.longestClean = clean;
    extent.longestDirty = dirty;
  }

  private static long longest(Extent extent, ExtentState state) {
    return state == ExtentState.CLEAN ? extent.longestClean : extent.longestDirty;
  }

  private int nextRandom() {
    // Marsaglia's xorshift: priorities need to be unrelated to offsets, nothing more.
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return random;
  }

  /**
   * Checks every rule that the class states, for tests.
   *
   * @throws IllegalStateException if one is broken
   */
  void check() {
    Extent extent = first();
    require(extent.start == 0, extent);
    while (true) {
      require(extent.start < extent.end, extent);
      require((extent.state == ExtentState.USED) == (extent.references > 0), extent);
      require((extent.state == ExtentState.USED) == (extent.kind != null), extent);
      require(find(extent.start) == extent, extent);
      require(extent.parent == null || extent.parent.priority >= extent.priority, extent);
      long clean = extent.longestClean;
      long dirty = extent.longestDirty;
      updateLongest(extent);
      require(clean == extent.longestClean && dirty == extent.longestDirty, extent);
      @Nullable Extent next = extent.next;
      if (next == null) {
        return;
      }
      require(next.start == extent.end && next.previous == extent, next);
      require(!next.isLikeNeighbour(extent), next);
      extent = next;
    }
  }

  private static void require(boolean holds, Extent extent) {
    if (!holds) {
      throw new IllegalStateException("an extent breaks a rule: " + extent);
    }
  }
}
