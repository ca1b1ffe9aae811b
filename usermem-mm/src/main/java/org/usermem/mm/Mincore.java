package org.usermem.mm;

import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.Mappable;
import org.usermem.mm.vma.Vma;

/** mincore(2). */
final class Mincore {

  private Mincore() {}

  static void query(Space space, long addr, byte[] residency) {
    long end = addr + residency.length * Addr.PAGE_SIZE;
    if (!Addr.isPageAligned(addr)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (addr < 0 || Addr.lessThan(space.layout.maxAddress(), end)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    space.locks.lockMappingsForReading();
    try {
      requireMapped(space, addr, end);
      space.locks.lockPagesForReading();
      try {
        for (int i = 0; i < residency.length; i++) {
          residency[i] = (byte) (isResident(space, addr + i * Addr.PAGE_SIZE) ? 1 : 0);
        }
      } finally {
        space.locks.unlockPagesForReading();
      }
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }

  private static boolean isResident(Space space, long addr) {
    if (space.pmas.tree().find(addr) != null) {
      return true;
    }
    Vma vma = space.vmas.tree().find(addr);
    if (vma == null) {
      return false;
    }
    Mappable mappable = vma.attributes().mappable();
    return mappable != null && mappable.isResident(vma.offsetAt(addr));
  }

  private static void requireMapped(Space space, long start, long end) {
    long at = start;
    for (Vma vma = space.vmas.tree().lowerBound(start); at < end; vma = vma.next()) {
      if (vma == null || vma.start() > at) {
        throw LinuxException.of(Errno.ENOMEM);
      }
      at = vma.end();
    }
  }
}
