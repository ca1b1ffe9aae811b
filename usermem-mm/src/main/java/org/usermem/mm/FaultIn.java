package org.usermem.mm;

import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.io.IOOpts;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.vma.Vma;

/** What a copy does when the table does not know a page: checks, backs and enters it. */
final class FaultIn {

  /** How much around what was asked for is entered into the table, where it is backed anyhow. */
  private static final long ENTER_AROUND = 64 * Addr.PAGE_SIZE;

  private FaultIn() {}

  /**
   * Makes bytes ready for a copy.
   *
   * @param addr the first byte
   * @param byteCount how many are wanted, at least 1, all of them user addresses
   * @return how many are in the table now. If that is not 0 the caller holds the read lock of the
   *     pages, so that they stay there, and must release it
   */
  static long faultIn(Space space, long addr, long byteCount, AccessType access, IOOpts opts) {
    Retired retired = new Retired();
    long ready = tryFaultIn(space, addr, byteCount, access, opts, retired);
    if (ready == 0 && StackGrowth.isBelowStack(space, addr) && StackGrowth.grow(space, addr)) {
      ready = tryFaultIn(space, addr, byteCount, access, opts, retired);
    }
    space.quarantine.retire(retired);
    return ready;
  }

  private static long tryFaultIn(
      Space space, long addr, long byteCount, AccessType access, IOOpts opts, Retired retired) {
    space.locks.lockMappingsForReading();
    try {
      Vma vma = space.vmas.tree().find(addr);
      if (vma == null || !Access.isAllowed(vma, access, opts)) {
        return 0;
      }
      return enter(space, vma, addr, byteCount, access, opts, retired);
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }

  private static long enter(
      Space space,
      Vma first,
      long addr,
      long byteCount,
      AccessType access,
      IOOpts opts,
      Retired retired) {
    long start = Addr.pageRoundDown(addr);
    long end = Addr.pageRoundUp(addr + byteCount);
    long at = start;
    space.locks.lockPagesForWriting();
    try {
      Backing backing = new Backing(space, retired, access.canWrite());
      Vma vma = first;
      while (vma != null && vma.start() <= at && Access.isAllowed(vma, access, opts)) {
        long stop = Math.min(vma.end(), end);
        long reached = backing.back(vma, at, stop, access);
        enterTable(space, vma, at, reached);
        at = reached;
        if (at == end || at < stop) {
          break;
        }
        vma = vma.next();
      }
      backing.unmapStale();
    } catch (RuntimeException | Error e) {
      space.locks.unlockPagesForWriting();
      throw e;
    }
    if (at == start) {
      space.locks.unlockPagesForWriting();
      return 0;
    }
    space.locks.downgradePages();
    return Math.min(at - addr, byteCount);
  }

  private static void enterTable(Space space, Vma vma, long start, long end) {
    if (start == end) {
      return;
    }
    long from = Math.max(vma.start(), start & -ENTER_AROUND);
    long to = Math.min(vma.end(), (end + ENTER_AROUND - 1) & -ENTER_AROUND);
    for (Pma pma = space.pmas.tree().lowerBound(from);
        pma != null && pma.start() < to;
        pma = pma.next()) {
      long first = Math.max(pma.start(), from);
      long last = Math.min(pma.end(), to);
      long flags = Space.entryFlags(vma, pma);
      if (flags != 0) {
        space.table.fill(
            Addr.pageNumber(first),
            Addr.pageNumber(last),
            PageEntry.of(pma.fileOffsetAt(first), flags));
      }
    }
  }
}
