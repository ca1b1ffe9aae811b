package org.usermem.mm.vma;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.memmap.MappingIdentity;
import org.usermem.mm.extent.ExtentTree;

/**
 * The areas of an address space, and how many bytes of them count against which limit. Guarded by
 * the lock of the mappings.
 *
 * <p>Each area holds a reference on its identity. References that become free are collected, for an
 * identity may take locks of a file system, which come before the lock of the mappings.
 */
public final class VmaSet {

  private final ExtentTree<Vma> tree = new ExtentTree<>();
  private long dataBytes;
  private long lockedBytes;
  private long peakBytes;
  private List<MappingIdentity> dropped = List.of();

  /** Makes an empty set. */
  public VmaSet() {}

  /** Returns the areas, for reading. */
  public ExtentTree<Vma> tree() {
    return tree;
  }

  /** Returns the bytes that count against RLIMIT_DATA. */
  public long dataBytes() {
    return dataBytes;
  }

  /** Returns the most bytes that have been in areas at one time. */
  public long peakBytes() {
    return peakBytes;
  }

  /** Returns the bytes in locked areas. */
  public long lockedBytes() {
    return lockedBytes;
  }

  /** Returns the bytes of a range that are in locked areas. */
  public long lockedBytesIn(long start, long end) {
    long bytes = 0;
    for (Vma vma = tree.lowerBound(start); vma != null && vma.start() < end; vma = vma.next()) {
      if (vma.attributes().isLocked()) {
        bytes += Math.min(vma.end(), end) - Math.max(vma.start(), start);
      }
    }
    return bytes;
  }

  /** Returns the bytes of a range that count against RLIMIT_DATA. */
  public long dataBytesIn(long start, long end) {
    long bytes = 0;
    for (Vma vma = tree.lowerBound(start); vma != null && vma.start() < end; vma = vma.next()) {
      if (vma.attributes().isData()) {
        bytes += Math.min(vma.end(), end) - Math.max(vma.start(), start);
      }
    }
    return bytes;
  }

  private void account(VmaAttributes attributes, long byteCount) {
    if (attributes.isData()) {
      dataBytes += byteCount;
    }
    if (attributes.isLocked()) {
      lockedBytes += byteCount;
    }
  }

  /**
   * Adds an area, as part of a neighbour that is alike where there is one. Takes over one reference
   * on the identity.
   *
   * @return the area that the range is in now
   */
  public Vma insert(long start, long end, long offset, VmaAttributes attributes) {
    Vma vma = new Vma(start, end, offset, attributes);
    tree.insert(vma);
    account(attributes, end - start);
    peakBytes = Math.max(peakBytes, tree.span());
    return mergeNext(mergePrev(vma));
  }

  /** Removes an area; its reference on the identity is dropped later. */
  public void remove(Vma vma) {
    tree.remove(vma);
    account(vma.attributes(), -vma.byteCount());
    dropLater(vma.attributes().identity());
  }

  /** Removes an area whose reference on the identity the caller takes over. */
  public VmaAttributes take(Vma vma) {
    tree.remove(vma);
    account(vma.attributes(), -vma.byteCount());
    return vma.attributes();
  }

  /** Gives an area other attributes, of the same mappable and identity. */
  public void setAttributes(Vma vma, VmaAttributes attributes) {
    account(vma.attributes(), -vma.byteCount());
    vma.setAttributes(attributes);
    account(attributes, vma.byteCount());
  }

  /**
   * Makes two areas of one.
   *
   * @return the second, which starts at the address
   */
  public Vma split(Vma vma, long addr) {
    VmaAttributes attributes = vma.attributes();
    Vma second = new Vma(addr, vma.end(), vma.offsetAt(addr), attributes);
    tree.resize(vma, vma.start(), addr);
    tree.insert(second);
    MappingIdentity identity = attributes.identity();
    if (identity != null) {
      identity.incRef();
    }
    return second;
  }

  /** Splits an area so that the part within a range is an area; returns that. They overlap. */
  public Vma isolate(Vma vma, long start, long end) {
    Vma isolated = vma.start() < start ? split(vma, start) : vma;
    if (end < isolated.end()) {
      split(isolated, end);
    }
    return isolated;
  }

  /** Makes an area that grows down start lower. */
  public void growDown(Vma vma, long start) {
    account(vma.attributes(), vma.start() - start);
    tree.resize(vma, start, vma.end());
    peakBytes = Math.max(peakBytes, tree.span());
  }

  /** Joins an area with the one before where they are alike; returns the area that remains. */
  public Vma mergePrev(Vma vma) {
    Vma before = vma.prev();
    return before != null && before.joins(vma) ? join(before, vma) : vma;
  }

  /** Joins an area with the one after where they are alike; returns the area that remains. */
  public Vma mergeNext(Vma vma) {
    Vma after = vma.next();
    return after != null && vma.joins(after) ? join(vma, after) : vma;
  }

  private Vma join(Vma first, Vma second) {
    long end = second.end();
    tree.remove(second);
    tree.resize(first, first.start(), end);
    dropLater(second.attributes().identity());
    return first;
  }

  /** Joins what can be joined at the borders within and around a range. */
  public void mergeAround(long start, long end) {
    Vma vma = tree.lowerBound(start);
    if (vma == null) {
      return;
    }
    vma = mergePrev(vma);
    while (vma != null && vma.start() <= end) {
      Vma merged = mergePrev(vma);
      vma = merged.next();
    }
  }

  private void dropLater(@Nullable MappingIdentity identity) {
    if (identity == null) {
      return;
    }
    if (dropped.isEmpty()) {
      dropped = new ArrayList<>();
    }
    dropped.add(identity);
  }

  /** Returns the references to drop once the lock of the mappings is released, and forgets them. */
  public List<MappingIdentity> takeDropped() {
    List<MappingIdentity> result = dropped;
    dropped = List.of();
    return result;
  }
}
