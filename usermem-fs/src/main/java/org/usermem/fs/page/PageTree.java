package org.usermem.fs.page;

import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;

/**
 * A map from the page numbers of a file to offsets in the memory file, with a mark for pages that
 * are dirty: a radix tree that is as high as the largest page number demands, as the xarray of
 * Linux.
 *
 * <p>Thread safety: none; readers exclude writers by a lock of the owner.
 */
final class PageTree {

  /** What {@link #get} returns where there is no page. */
  static final long ABSENT = -1;

  private static final int BITS = 6;
  private static final int FANOUT = 1 << BITS;
  private static final int INDEX = FANOUT - 1;

  // Marks in the low bits of an entry, which are free because offsets are aligned to pages.
  private static final long PRESENT = 1;
  private static final long DIRTY = 2;
  private static final long MARKS = Addr.PAGE_SIZE - 1;

  /** A node; only leaves have entries, only others have children. */
  private static final class Node {
    final long @Nullable [] entries;
    final @Nullable Node @Nullable [] children;
    int used;

    Node(boolean leaf) {
      entries = leaf ? new long[FANOUT] : null;
      children = leaf ? null : new Node[FANOUT];
    }
  }

  private @Nullable Node root;
  private int height; // of the root: 0 for a leaf
  private long pageCount;

  /** Returns the number of pages that are present. */
  long pageCount() {
    return pageCount;
  }

  private boolean isCovered(long page) {
    int bits = BITS * (height + 1);
    return bits >= Long.SIZE || page >>> bits == 0;
  }

  private long @Nullable [] leaf(long page) {
    Node node = root;
    if (node == null || !isCovered(page)) {
      return null;
    }
    for (int level = height; level > 0; level--) {
      Node[] children = node.children;
      if (children == null) {
        return null;
      }
      Node child = children[(int) (page >>> (BITS * level)) & INDEX];
      if (child == null) {
        return null;
      }
      node = child;
    }
    return node.entries;
  }

  /** Returns the offset of a page in the memory file, or {@link #ABSENT}. */
  long get(long page) {
    long[] entries = leaf(page);
    if (entries == null) {
      return ABSENT;
    }
    long entry = entries[(int) page & INDEX];
    return entry == 0 ? ABSENT : entry & ~MARKS;
  }

  /**
   * Returns how many pages, beginning with one that is present, lie one after the other in the
   * memory file too.
   *
   * @param page a page that is present
   * @param limit the most that matters, positive
   */
  long run(long page, long limit) {
    long[] entries = leaf(page);
    if (entries == null) {
      return 0;
    }
    long expected = entries[(int) page & INDEX] & ~MARKS;
    long count = 0;
    while (count < limit) {
      int index = (int) (page + count) & INDEX;
      if (index == 0 && count > 0) {
        entries = leaf(page + count);
        if (entries == null) {
          return count;
        }
      }
      long entry = entries[index];
      if (entry == 0 || (entry & ~MARKS) != expected) {
        return count;
      }
      expected += Addr.PAGE_SIZE;
      count++;
    }
    return count;
  }

  /** Sets the offset of a page that is absent. */
  void put(long page, long offset) {
    while (root != null && !isCovered(page)) {
      Node higher = new Node(false);
      children(higher)[0] = root;
      higher.used = 1;
      root = higher;
      height++;
    }
    if (root == null) {
      height = heightFor(page);
      root = new Node(height == 0);
    }
    Node node = root;
    for (int level = height; level > 0; level--) {
      @Nullable Node[] children = children(node);
      int index = (int) (page >>> (BITS * level)) & INDEX;
      Node child = children[index];
      if (child == null) {
        child = new Node(level == 1);
        children[index] = child;
        node.used++;
      }
      node = child;
    }
    entries(node)[(int) page & INDEX] = offset | PRESENT;
    node.used++;
    pageCount++;
  }

  private static int heightFor(long page) {
    int height = 0;
    while (BITS * (height + 1) < Long.SIZE && page >>> (BITS * (height + 1)) != 0) {
      height++;
    }
    return height;
  }

  /** Takes a page out. Returns its offset, or {@link #ABSENT} if it was not there. */
  long remove(long page) {
    Node node = root;
    if (node == null || !isCovered(page)) {
      return ABSENT;
    }
    return removeBelow(node, height, page);
  }

  private long removeBelow(Node node, int level, long page) {
    long removed;
    if (level == 0) {
      long[] entries = entries(node);
      int index = (int) page & INDEX;
      if (entries[index] == 0) {
        return ABSENT;
      }
      removed = entries[index] & ~MARKS;
      entries[index] = 0;
      node.used--;
      pageCount--;
    } else {
      @Nullable Node[] children = children(node);
      int index = (int) (page >>> (BITS * level)) & INDEX;
      Node child = children[index];
      if (child == null) {
        return ABSENT;
      }
      removed = removeBelow(child, level - 1, page);
      if (child.used == 0) {
        children[index] = null;
        node.used--;
      }
    }
    if (node.used == 0 && node == root) {
      root = null;
      height = 0;
    }
    return removed;
  }

  /**
   * Returns the first page at or after one that is present, or -1 if there is none before the end.
   */
  long nextPresent(long from, long end) {
    long page = from;
    while (page < end) {
      Node node = root;
      if (node == null || !isCovered(page)) {
        return ABSENT;
      }
      int level = height;
      while (level > 0) {
        Node child = children(node)[(int) (page >>> (BITS * level)) & INDEX];
        if (child == null) {
          break;
        }
        node = child;
        level--;
      }
      if (level == 0) {
        long[] entries = entries(node);
        for (int i = (int) page & INDEX; i < FANOUT && page < end; i++, page++) {
          if (entries[i] != 0) {
            return page;
          }
        }
      } else {
        int shift = BITS * level;
        page = ((page >>> shift) + 1) << shift;
        if (page <= 0) {
          return ABSENT;
        }
      }
    }
    return ABSENT;
  }

  /** Returns the first page at or after one that is absent; the end if there is none before it. */
  long nextAbsent(long from, long end) {
    long page = from;
    while (page < end) {
      long[] entries = leaf(page);
      if (entries == null) {
        return page;
      }
      for (int i = (int) page & INDEX; i < FANOUT && page < end; i++, page++) {
        if (entries[i] == 0) {
          return page;
        }
      }
    }
    return end;
  }

  boolean isDirty(long page) {
    long[] entries = leaf(page);
    return entries != null && (entries[(int) page & INDEX] & DIRTY) != 0;
  }

  /** Marks a page that is present as dirty or clean. Returns whether that changed anything. */
  boolean setDirty(long page, boolean dirty) {
    long[] entries = leaf(page);
    if (entries == null || entries[(int) page & INDEX] == 0) {
      return false;
    }
    int index = (int) page & INDEX;
    long before = entries[index];
    long after = dirty ? before | DIRTY : before & ~DIRTY;
    entries[index] = after;
    return before != after;
  }

  private static @Nullable Node[] children(Node node) {
    @Nullable Node[] children = node.children;
    if (children == null) {
      throw new IllegalStateException("a leaf has no children");
    }
    return children;
  }

  private static long[] entries(Node node) {
    long[] entries = node.entries;
    if (entries == null) {
      throw new IllegalStateException("an inner node has no entries");
    }
    return entries;
  }
}
