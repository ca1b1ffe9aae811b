package org.usermem.mm.pma;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.usermem.mm.extent.ExtentTree;

/**
 * The page areas of an address space, and how many bytes are resident. Guarded by the lock of the
 * pages.
 */
public final class PmaSet {

  private final ExtentTree<Pma> tree = new ExtentTree<>();
  private final long[] residentBytes = new long[PageOrigin.COUNT];
  private long peakBytes;

  /** Makes an empty set. */
  public PmaSet() {}

  /** Returns the page areas, for reading. */
  public ExtentTree<Pma> tree() {
    return tree;
  }

  /** Returns the resident bytes of an origin. */
  public long residentBytes(PageOrigin origin) {
    return residentBytes[origin.index()];
  }

  /** Returns all resident bytes. */
  public long residentBytes() {
    return tree.span();
  }

  /** Returns the most bytes that have been resident at one time. */
  public long peakBytes() {
    return peakBytes;
  }

  /** Says how much another address space, which this is a copy of, had been resident at most. */
  public void resetPeak() {
    peakBytes = tree.span();
  }

  /** Adds a page area; it is not joined with its neighbours. */
  public void insert(Pma pma) {
    tree.insert(pma);
    residentBytes[pma.origin().index()] += pma.byteCount();
    peakBytes = Math.max(peakBytes, tree.span());
  }

  /** Adds a page area, as part of a neighbour where that is possible; returns where it is now. */
  public Pma insertMerged(Pma pma) {
    insert(pma);
    return mergeNext(mergePrev(pma));
  }

  /** Removes a page area; the caller takes over its references. */
  public void remove(Pma pma) {
    tree.remove(pma);
    residentBytes[pma.origin().index()] -= pma.byteCount();
  }

  /** Makes two page areas of one; returns the second, which starts at the address. */
  public Pma split(Pma pma, long addr) {
    Pma tail = pma.tailFrom(addr);
    tree.resize(pma, pma.start(), addr);
    tree.insert(tail);
    return tail;
  }

  /** Splits so that the part within a range is a page area of its own; returns that. */
  public Pma isolate(Pma pma, long start, long end) {
    Pma isolated = pma.start() < start ? split(pma, start) : pma;
    if (end < isolated.end()) {
      split(isolated, end);
    }
    return isolated;
  }

  /** Joins with the page area before where possible; returns what remains. */
  public Pma mergePrev(Pma pma) {
    Pma before = pma.prev();
    return before != null && before.joins(pma) ? join(before, pma) : pma;
  }

  /** Joins with the page area after where possible; returns what remains. */
  public Pma mergeNext(Pma pma) {
    Pma after = pma.next();
    return after != null && pma.joins(after) ? join(pma, after) : pma;
  }

  private Pma join(Pma first, Pma second) {
    long end = second.end();
    tree.remove(second);
    tree.resize(first, first.start(), end);
    first.absorb(second);
    return first;
  }

  /** Joins what can be joined at the borders within and around a range. */
  public void mergeAround(long start, long end) {
    @Nullable Pma pma = tree.lowerBound(start);
    while (pma != null && pma.start() <= end) {
      pma = mergePrev(pma).next();
    }
  }

  /** Forgets everything; the caller has taken over the references. */
  public void clear() {
    tree.clear();
    Arrays.fill(residentBytes, 0);
  }
}
