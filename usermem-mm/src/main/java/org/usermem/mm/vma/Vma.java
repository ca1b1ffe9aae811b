package org.usermem.mm.vma;

import org.usermem.memmap.MappableRange;
import org.usermem.mm.extent.Extent;

/**
 * A virtual memory area: pages that are mapped alike. Guarded by the lock of the mappings; only
 * {@link VmaSet} changes one.
 */
public final class Vma extends Extent<Vma> {

  /**
   * Free bytes that an area which grows down keeps below it: Linux's stack_guard_gap, 256 pages.
   */
  public static final long GUARD_BYTES = 256L << 12;

  private VmaAttributes attributes;
  private long offset;

  Vma(long start, long end, long offset, VmaAttributes attributes) {
    super(start, end);
    this.offset = attributes.isAnonymous() ? 0 : offset;
    this.attributes = attributes;
  }

  /** Returns everything but the place. */
  public VmaAttributes attributes() {
    return attributes;
  }

  void setAttributes(VmaAttributes value) {
    attributes = value;
  }

  /** Returns the offset in the mappable of the first address; 0 where there is no mappable. */
  public long offset() {
    return offset;
  }

  void setOffset(long value) {
    offset = attributes.isAnonymous() ? 0 : value;
  }

  /** Returns the offset in the mappable of an address of this area. */
  public long offsetAt(long addr) {
    return attributes.isAnonymous() ? 0 : offset + (addr - start());
  }

  /** Returns the address of an offset in the mappable. */
  public long addressOf(long mappableOffset) {
    return start() + (mappableOffset - offset);
  }

  /** Returns what part of the mappable a part of this area shows. */
  public MappableRange mappableRange(long from, long to) {
    return new MappableRange(offsetAt(from), offsetAt(from) + (to - from));
  }

  /** Returns whether this area ends where another begins, and they can be one. */
  boolean joins(Vma following) {
    return end() == following.start()
        && attributes.sameAs(following.attributes)
        && (attributes.isAnonymous() || offset + byteCount() == following.offset);
  }

  /** Returns the first address below which a mapping that nobody asked for by place may end. */
  public long guardedStart() {
    return start() - guardByteCount();
  }

  @Override
  protected long guardByteCount() {
    return attributes.has(VmaFlag.GROWS_DOWN) ? GUARD_BYTES : 0;
  }

  @Override
  public String toString() {
    return "%s %s %s".formatted(super.toString(), attributes.access(), attributes);
  }
}
