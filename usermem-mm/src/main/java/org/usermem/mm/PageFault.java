package org.usermem.mm;

import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.vma.Vma;

/** Page faults of the guest: Linux's {@code do_user_addr_fault}. */
final class PageFault {

  /** How much of pages that are there already is mapped around a fault. */
  private static final long MAP_AROUND = 64 * Addr.PAGE_SIZE;

  private PageFault() {}

  static FaultOutcome handle(Space space, long addr, AccessType access) {
    if (!Addr.lessThan(addr, space.layout.maxAddress())) {
      return FaultOutcome.MAPERR;
    }
    Retired retired = new Retired();
    FaultOutcome outcome = tryHandle(space, addr, access, retired);
    if (outcome == FaultOutcome.MAPERR && StackGrowth.grow(space, addr)) {
      outcome = tryHandle(space, addr, access, retired);
    }
    space.quarantine.retire(retired);
    if (outcome == FaultOutcome.HANDLED) {
      space.forks.handled(Addr.pageRoundDown(addr), access);
    }
    return outcome;
  }

  private static FaultOutcome tryHandle(
      Space space, long addr, AccessType access, Retired retired) {
    space.locks.lockMappingsForReading();
    try {
      Vma vma = space.vmas.tree().find(addr);
      if (vma == null) {
        return FaultOutcome.MAPERR;
      }
      if (!vma.attributes().effectiveAccess().contains(access)) {
        return FaultOutcome.ACCERR;
      }
      return backAndMap(space, vma, Addr.pageRoundDown(addr), access, retired);
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }

  private static FaultOutcome backAndMap(
      Space space, Vma vma, long page, AccessType access, Retired retired) {
    space.locks.lockPagesForWriting();
    try {
      Backing backing = new Backing(space, retired, false);
      if (backing.back(vma, page, page + Addr.PAGE_SIZE, access) == page) {
        backing.unmapStale();
        return backing.failure();
      }
      return mapAround(space, vma, page, backing)
          ? FaultOutcome.HANDLED
          : FaultOutcome.OUT_OF_MEMORY;
    } finally {
      space.locks.unlockPagesForWriting();
    }
  }

  /** Returns false if the host refuses a mapping. */
  private static boolean mapAround(Space space, Vma vma, long page, Backing backing) {
    Pma pma = space.pmas.tree().find(page);
    if (pma == null) {
      throw new IllegalStateException("0x%x was backed and is not".formatted(page));
    }
    long start = backing.windowStart();
    long end = backing.windowEnd();
    if (start >= end) {
      start = aroundStart(vma, pma, page);
      end = aroundEnd(vma, pma, page);
    }
    if (backing.staleStart() < start || backing.staleEnd() > end) {
      // What is mapped below takes the place of the rest.
      backing.unmapStale();
    }
    return GuestMapping.map(space, vma, start, end);
  }

  /** Returns where to begin to map around a page that is there already. */
  static long aroundStart(Vma vma, Pma pma, long page) {
    return Math.max(Math.max(pma.start(), vma.start()), page & -MAP_AROUND);
  }

  /** Returns where to end to map around a page that is there already. */
  static long aroundEnd(Vma vma, Pma pma, long page) {
    return Math.min(Math.min(pma.end(), vma.end()), (page & -MAP_AROUND) + MAP_AROUND);
  }
}
