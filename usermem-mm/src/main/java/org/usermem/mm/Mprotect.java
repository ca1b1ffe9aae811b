package org.usermem.mm;

import java.util.ArrayList;
import java.util.List;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MappingIdentity;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;
import org.usermem.mm.vma.VmaFlag;

/** mprotect(2). */
final class Mprotect {

  private Mprotect() {}

  static void protect(
      Space space, long addr, long byteCount, AccessType access, boolean growsDown) {
    if (!Addr.isPageAligned(addr)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (byteCount == 0) {
      return;
    }
    long length = Addr.pageRoundUp(byteCount);
    long end = addr + length;
    if (!Addr.lessThan(addr, end) || Addr.lessThan(space.layout.maxAddress(), end)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    Retired retired = new Retired();
    List<AddrRange> toPopulate = new ArrayList<>(0);
    space.locks.lockMappingsForWriting();
    try {
      protectLocked(space, addr, end, access, growsDown, toPopulate);
    } finally {
      // Also those before an area that could not be changed.
      if (toPopulate.isEmpty()) {
        space.unlockMappings(retired);
      } else {
        populate(space, toPopulate, retired);
      }
    }
  }

  /** Ends the change with what Linux does about memory that is locked; without success, too. */
  private static void populate(Space space, List<AddrRange> ranges, Retired retired) {
    List<MappingIdentity> dropped = space.downgradeMappings();
    try {
      for (AddrRange range : ranges) {
        Populating.populate(space, range.start(), range.end(), retired);
      }
    } finally {
      space.locks.unlockMappingsForReading();
      space.finish(dropped, retired);
    }
  }

  private static void protectLocked(
      Space space,
      long addr,
      long end,
      AccessType access,
      boolean growsDown,
      List<AddrRange> toPopulate) {
    Vma vma = space.vmas.tree().lowerBound(addr);
    if (vma == null || vma.start() >= end) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    long start = addr;
    if (growsDown) {
      start = vma.start();
      if (!vma.attributes().has(VmaFlag.GROWS_DOWN)) {
        throw LinuxException.of(Errno.EINVAL);
      }
    } else if (vma.start() > addr) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    Change change = new Change(space, start, end, access, toPopulate);
    try {
      change.apply(vma);
    } finally {
      change.finish();
    }
  }

  /**
   * One call's way through the areas. Linux changes them one by one, up to the first that fails.
   */
  private static final class Change {
    private final Space space;
    private final long start;
    private final long end;
    private final AccessType access;
    private final List<AddrRange> toPopulate;
    private long changedEnd;
    private boolean takesAway;

    Change(Space space, long start, long end, AccessType access, List<AddrRange> toPopulate) {
      this.space = space;
      this.start = start;
      this.end = end;
      this.access = access;
      this.toPopulate = toPopulate;
      this.changedEnd = start;
    }

    void apply(Vma first) {
      Vma vma = first;
      long at = start;
      while (at < end) {
        if (vma == null || vma.start() > at) {
          throw LinuxException.of(Errno.ENOMEM);
        }
        change(vma);
        at = Math.min(vma.end(), end);
        // The part that was changed may be an area of its own by now.
        vma = space.vmas.tree().lowerBound(at);
      }
    }

    private void change(Vma vma) {
      VmaAttributes old = vma.attributes();
      if (!old.maxAccess().effective().contains(access)) {
        throw LinuxException.of(Errno.EACCES);
      }
      long stop = Math.min(vma.end(), end);
      if (old.access() == access) {
        changedEnd = stop;
        return;
      }
      VmaAttributes changed = old.withAccess(access);
      requireLimits(vma, old, changed, stop);
      Vma isolated = space.vmas.isolate(vma, start, end);
      takesAway |= !changed.effectiveAccess().contains(old.effectiveAccess());
      space.vmas.setAttributes(isolated, changed);
      changedEnd = stop;
      if (becomesWritableWhereLocked(old, changed)) {
        toPopulate.add(new AddrRange(isolated.start(), isolated.end()));
      }
    }

    /**
     * Whether copy-on-write is to be broken at once, for no write to locked memory is to wait. From
     * then on the memory shows no more changes of its file. Linux: {@code mprotect_fixup}.
     */
    private static boolean becomesWritableWhereLocked(VmaAttributes old, VmaAttributes changed) {
      return old.isPrivate()
          && old.lockMode() == LockMode.EAGER
          && !old.access().canWrite()
          && changed.access().canWrite();
    }

    private void requireLimits(Vma vma, VmaAttributes old, VmaAttributes changed, long stop) {
      MemoryLimits limits = space.limits.get();
      int splits = (vma.start() < start ? 1 : 0) + (vma.end() > end ? 1 : 0);
      if (space.vmas.tree().size() + splits > limits.mapCount()) {
        throw LinuxException.of(Errno.ENOMEM);
      }
      long more = stop - Math.max(vma.start(), start);
      if (changed.isData() && !old.isData() && space.vmas.dataBytes() + more > limits.data()) {
        throw LinuxException.of(Errno.ENOMEM);
      }
    }

    /** Lets the caches forget what has changed. */
    void finish() {
      if (changedEnd == start) {
        return;
      }
      space.locks.lockPagesForWriting();
      try {
        space.table.clear(Addr.pageNumber(start), Addr.pageNumber(changedEnd));
        if (takesAway && guestMayHave(start, changedEnd)) {
          space.unmapGuest(start, changedEnd);
        }
      } finally {
        space.locks.unlockPagesForWriting();
      }
      space.vmas.mergeAround(start, changedEnd);
      if (takesAway) {
        // A write that was allowed when it began must not be seen to land after this returns.
        space.quarantine.epochs().await();
      }
    }

    private boolean guestMayHave(long from, long to) {
      for (Pma pma = space.pmas.tree().lowerBound(from);
          pma != null && pma.start() < to;
          pma = pma.next()) {
        if (pma.isInAddressSpace()) {
          return true;
        }
      }
      return false;
    }
  }
}
