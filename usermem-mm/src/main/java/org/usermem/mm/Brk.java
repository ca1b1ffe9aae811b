package org.usermem.mm;

import java.util.List;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.Placement;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.numa.NumaPolicy;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;
import org.usermem.mm.vma.VmaFlag;

/** brk(2): Linux's {@code SYSCALL_DEFINE1(brk)}. */
final class Brk {

  private Brk() {}

  static void setStart(Space space, long addr) {
    Retired retired = new Retired();
    space.locks.lockMappingsForWriting();
    try {
      long start = Addr.pageRoundUp(space.brkStart);
      long end = Addr.pageRoundUp(space.brkEnd);
      if (start < end) {
        space.unmapRange(start, end, retired);
      }
      space.brkStart = addr;
      space.brkEnd = addr;
    } finally {
      space.unlockMappings(retired);
    }
  }

  static long set(Space space, long addr) {
    Retired retired = new Retired();
    List<MappingIdentity> dropped = List.of();
    boolean downgraded = false;
    space.locks.lockMappingsForWriting();
    try {
      long old = Addr.pageRoundUp(space.brkEnd);
      if (!move(space, addr, old, retired)) {
        return space.brkEnd;
      }
      long end = Addr.pageRoundUp(addr);
      if (end > old && space.defaultLockMode == LockMode.EAGER) {
        dropped = space.downgradeMappings();
        downgraded = true;
        Populating.populate(space, old, end, retired);
      }
      return addr;
    } finally {
      if (downgraded) {
        space.locks.unlockMappingsForReading();
        space.finish(dropped, retired);
      } else {
        space.unlockMappings(retired);
      }
    }
  }

  private static boolean move(Space space, long addr, long oldEnd, Retired retired) {
    if (Addr.lessThan(addr, space.brkStart) || !Addr.atMost(addr, space.layout.maxAddress())) {
      return false;
    }
    if (addr - space.brkStart > space.limits.get().data()) {
      return false;
    }
    long newEnd = Addr.pageRoundUp(addr);
    if (newEnd < oldEnd) {
      space.unmapRange(newEnd, oldEnd, retired);
    } else if (newEnd > oldEnd && !extend(space, oldEnd, newEnd, retired)) {
      return false;
    }
    space.brkEnd = addr;
    return true;
  }

  private static boolean extend(Space space, long start, long end, Retired retired) {
    Vma next = space.vmas.tree().lowerBound(start);
    if (next != null && end + Addr.PAGE_SIZE > next.guardedStart()) {
      return false;
    }
    VmaAttributes attributes =
        new VmaAttributes(
            null,
            null,
            AccessType.READ_WRITE,
            AccessType.ANY,
            VmaFlag.PRIVATE,
            space.defaultLockMode,
            NumaPolicy.DEFAULT,
            null);
    MapOptions options =
        MapOptions.builder(end - start)
            .at(start, Placement.FIXED)
            .access(AccessType.READ_WRITE)
            .build();
    try {
      Mmap.create(space, options, end - start, attributes, attributes.isLocked(), retired);
    } catch (LinuxException e) {
      return false;
    }
    return true;
  }
}
