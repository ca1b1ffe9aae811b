package org.usermem.mm.pma;

import org.usermem.addr.AccessType;
import org.usermem.mm.extent.Extent;

/**
 * A platform mapping area: adjacent pages of addresses that are backed by adjacent pages of the
 * memory file, on each of which it holds a reference. Guarded by the lock of the pages; only {@link
 * PmaSet} changes one.
 *
 * <p>What the program may do is not here but in the area above, so that a change of permissions
 * changes no page area.
 */
public final class Pma extends Extent<Pma> {

  private long fileOffset;
  private final PageOrigin origin;

  /** What the translation allows, from the mappable's side. */
  private final AccessType translated;

  private boolean copyOnWrite;

  /** Whether the guest may have been given a mapping of any of it. */
  private boolean inAddressSpace;

  /**
   * Makes a page area.
   *
   * @param fileOffset offset in the memory file of the first address
   * @param translated what the pages allow, whatever the area above allows
   * @param copyOnWrite whether they must be copied before they are written
   */
  public Pma(
      long start,
      long end,
      long fileOffset,
      PageOrigin origin,
      AccessType translated,
      boolean copyOnWrite) {
    super(start, end);
    this.fileOffset = fileOffset;
    this.origin = origin;
    this.translated = translated;
    this.copyOnWrite = copyOnWrite;
  }

  /** Returns a page area of the same pages elsewhere, of which the guest has no mapping. */
  public Pma copyAt(long start) {
    return new Pma(start, start + byteCount(), fileOffset, origin, translated, copyOnWrite);
  }

  /** Returns the offset in the memory file of the first address. */
  public long fileOffset() {
    return fileOffset;
  }

  /** Returns the offset in the memory file of an address of this area. */
  public long fileOffsetAt(long addr) {
    return fileOffset + (addr - start());
  }

  /** Returns where the pages come from. */
  public PageOrigin origin() {
    return origin;
  }

  /** Returns whether the pages are private to programs, and no mappable's. */
  public boolean isPrivate() {
    return origin == PageOrigin.PRIVATE;
  }

  /** Returns what the pages allow. */
  public AccessType translated() {
    return translated;
  }

  /** Returns whether the pages must be copied before they are written. */
  public boolean isCopyOnWrite() {
    return copyOnWrite;
  }

  /** Says whether the pages must be copied before they are written. */
  public void setCopyOnWrite(boolean value) {
    copyOnWrite = value;
  }

  /** Returns whether the guest may have a mapping of any of it. */
  public boolean isInAddressSpace() {
    return inAddressSpace;
  }

  /** Says whether the guest may have a mapping of any of it. */
  public void setInAddressSpace(boolean value) {
    inAddressSpace = value;
  }

  boolean joins(Pma following) {
    return end() == following.start()
        && fileOffset + byteCount() == following.fileOffset
        && copyOnWrite == following.copyOnWrite
        && origin == following.origin
        && translated == following.translated;
  }

  Pma tailFrom(long addr) {
    Pma tail = new Pma(addr, end(), fileOffsetAt(addr), origin, translated, copyOnWrite);
    tail.inAddressSpace = inAddressSpace;
    return tail;
  }

  void absorb(Pma following) {
    inAddressSpace |= following.inAddressSpace;
  }

  @Override
  public String toString() {
    return "%s at %x %s %s%s"
        .formatted(super.toString(), fileOffset, origin, translated, copyOnWrite ? " cow" : "");
  }
}
