package org.usermem.mm;

import org.usermem.addr.AccessType;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;

/** Bringing pages in before they are touched: Linux's {@code populate_vma_page_range}. */
final class Populating {

  private Populating() {}

  /**
   * Backs every area of a range and maps it for the guest. Under the lock of the mappings.
   *
   * @return what stopped it; HANDLED if nothing did
   */
  static FaultOutcome populate(Space space, long start, long end, Retired retired) {
    Vma vma = space.vmas.tree().lowerBound(start);
    while (vma != null && vma.start() < end) {
      FaultOutcome outcome =
          populateArea(space, vma, Math.max(vma.start(), start), Math.min(vma.end(), end), retired);
      if (outcome != FaultOutcome.HANDLED) {
        return outcome;
      }
      vma = vma.next();
    }
    return FaultOutcome.HANDLED;
  }

  private static FaultOutcome populateArea(
      Space space, Vma vma, long start, long end, Retired retired) {
    VmaAttributes attributes = vma.attributes();
    if (attributes.access() == AccessType.NONE) {
      return FaultOutcome.ACCERR;
    }
    // As Linux: break copy-on-write now where a write could do it, but dirty no shared page.
    boolean write = attributes.isPrivate() && attributes.access().canWrite();
    return populateArea(
        space, vma, start, end, write ? AccessType.READ_WRITE : AccessType.READ, retired);
  }

  static FaultOutcome populateArea(
      Space space, Vma vma, long start, long end, AccessType access, Retired retired) {
    space.locks.lockPagesForWriting();
    try {
      Backing backing = new Backing(space, retired, false);
      long reached = backing.back(vma, start, end, access);
      backing.unmapStale();
      if (reached > start) {
        // What the host refuses to map now the guest will fault in.
        boolean _ = GuestMapping.map(space, vma, start, reached);
      }
      return reached < end ? backing.failure() : FaultOutcome.HANDLED;
    } finally {
      space.locks.unlockPagesForWriting();
    }
  }
}
