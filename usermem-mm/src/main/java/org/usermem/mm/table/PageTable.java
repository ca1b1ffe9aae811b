package org.usermem.mm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * From page number to {@link PageEntry}, in four levels of a radix tree over 47-bit addresses.
 *
 * <p>Only a cache: an entry that is missing is looked up in the extents and put in. {@link #get}
 * may be called by any thread inside an epoch. All other methods are called under the lock that
 * guards the extents, so that nobody puts in what has just been cleared.
 *
 * <p><b>Publication.</b> The root, the step from the third level to a leaf and the entry itself are
 * volatile reads, for these are what is taken away; {@code Epochs} has the argument. The steps
 * between are plain: such an array is only ever added, and a reader that does not see it yet sees
 * nothing, which means "ask the truth". Entries are stored with release semantics, so whoever reads
 * one sees the bytes that were put into its page before.
 */
public final class PageTable {

  private static final VarHandle ROOT;
  private static final VarHandle LEAF = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

  static {
    try {
      ROOT = MethodHandles.lookup().findVarHandle(PageTable.class, "root", long[][][][].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int BITS = 9;
  private static final int FANOUT = 1 << BITS;
  private static final int MASK = FANOUT - 1;
  private static final long PAGE_BYTES = 4096;
  private static final int ROOT_FANOUT = 1 << (35 - 3 * BITS);

  /** Pages that one leaf knows. */
  public static final long LEAF_PAGES = FANOUT;

  private long @Nullable [] @Nullable [] @Nullable [] @Nullable [] root;

  private final int nodeLimit;
  private int nodes;

  /**
   * Makes an empty table.
   *
   * @param nodeLimit how many nodes of 4 KiB it may have; past that it starts again from nothing
   */
  public PageTable(int nodeLimit) {
    this.nodeLimit = nodeLimit;
  }

  /**
   * Returns what is known of a page.
   *
   * @param page an address divided by the page size; below 2^35
   * @return an entry, or {@link PageEntry#NONE}
   */
  public long get(long page) {
    long[] leaf = leafOf(page);
    return leaf == null ? PageEntry.NONE : (long) ENTRY.getVolatile(leaf, (int) page & MASK);
  }

  /**
   * Returns how many pages from one on lie together in the memory file and allow what is needed, as
   * far as one leaf knows.
   *
   * @param page the first page, below 2^35
   * @param endPage the page after the last that is of interest
   * @param needed flags of {@link PageEntry}
   * @param entry what {@link #get} has said of the first page, which allows it
   * @return at least 1
   */
  public long run(long page, long endPage, long needed, long entry) {
    long[] leaf = leafOf(page);
    if (leaf == null) {
      return 1;
    }
    int index = (int) page & MASK;
    int limit = (int) Math.min(endPage - page + index, FANOUT);
    int at = index + 1;
    long expected = entry + PAGE_BYTES;
    while (at < limit) {
      long next = (long) ENTRY.getVolatile(leaf, at);
      // Most often the flags are the same, and allow the same.
      if (next != expected
          && (PageEntry.offset(next) != PageEntry.offset(expected)
              || !PageEntry.allows(next, needed))) {
        break;
      }
      expected += PAGE_BYTES;
      at++;
    }
    return (long) at - index;
  }

  private long @Nullable [] leafOf(long page) {
    long[][][][] top = (long[][][][]) ROOT.getVolatile(this);
    if (top == null) {
      return null;
    }
    long[][][] upper = top[(int) (page >>> (3 * BITS))];
    if (upper == null) {
      return null;
    }
    long[][] lower = upper[(int) (page >>> (2 * BITS)) & MASK];
    return lower == null ? null : (long[]) LEAF.getVolatile(lower, (int) (page >>> BITS) & MASK);
  }

  /**
   * Puts in entries of adjacent pages whose offsets are adjacent too.
   *
   * @param page the first page
   * @param endPage the page after the last
   * @param entry the entry of the first
   */
  public void fill(long page, long endPage, long entry) {
    long at = page;
    long value = entry;
    while (at < endPage) {
      long[] leaf = leafFor(at);
      long stop = Math.min(endPage, (at | MASK) + 1);
      for (; at < stop; at++) {
        ENTRY.setRelease(leaf, (int) at & MASK, value);
        value += PAGE_BYTES;
      }
    }
  }

  private long[] leafFor(long page) {
    if (nodes >= nodeLimit) {
      clear();
    }
    long[][][][] top = root;
    if (top == null) {
      top = new long[ROOT_FANOUT][][][];
      ROOT.setVolatile(this, top);
    }
    int index = (int) (page >>> (3 * BITS));
    long[][][] upper = top[index];
    if (upper == null) {
      upper = new long[FANOUT][][];
      top[index] = upper;
      nodes++;
    }
    index = (int) (page >>> (2 * BITS)) & MASK;
    long[][] lower = upper[index];
    if (lower == null) {
      lower = new long[FANOUT][];
      upper[index] = lower;
      nodes++;
    }
    index = (int) (page >>> BITS) & MASK;
    long[] leaf = lower[index];
    if (leaf == null) {
      leaf = new long[FANOUT];
      LEAF.setRelease(lower, index, leaf);
      nodes++;
    }
    return leaf;
  }

  /** Forgets every page. The caller looks at the epochs afterwards. */
  public void clear() {
    ROOT.setVolatile(this, null);
    nodes = 0;
  }

  /**
   * Forgets a range of pages. The caller looks at the epochs afterwards, which orders the stores.
   *
   * @param page the first page
   * @param endPage the page after the last
   */
  public void clear(long page, long endPage) {
    long[][][][] top = root;
    if (top == null) {
      return;
    }
    long at = page;
    while (at < endPage) {
      long[][][] upper = top[(int) (at >>> (3 * BITS))];
      if (upper == null) {
        at = nextMultiple(at, 3 * BITS);
        continue;
      }
      long[][] lower = upper[(int) (at >>> (2 * BITS)) & MASK];
      if (lower == null) {
        at = nextMultiple(at, 2 * BITS);
        continue;
      }
      at = clearInLeaf(lower, at, endPage);
    }
  }

  private long clearInLeaf(long[][] lower, long page, long endPage) {
    int index = (int) (page >>> BITS) & MASK;
    long next = nextMultiple(page, BITS);
    long[] leaf = lower[index];
    if (leaf == null) {
      return next;
    }
    long stop = Math.min(endPage, next);
    if (stop - page == LEAF_PAGES) {
      LEAF.setVolatile(lower, index, null);
      nodes--;
      return next;
    }
    for (long at = page; at < stop; at++) {
      ENTRY.setOpaque(leaf, (int) at & MASK, PageEntry.NONE);
    }
    return stop;
  }

  private static long nextMultiple(long page, int bits) {
    return ((page >>> bits) + 1) << bits;
  }
}
