package org.usermem.mm;

import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Placement;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.shm.ShmSegment;
import org.usermem.mm.vma.Vma;

/** shmat(2) and shmdt(2): Linux's {@code do_shmat} and {@code ksys_shmdt}. */
final class ShmAttachment {

  private ShmAttachment() {}

  /**
   * Attaches a segment.
   *
   * @param addr where, a multiple of the page size; 0 for anywhere
   * @param replace SHM_REMAP
   */
  static long attach(
      Space space, ShmSegment segment, long addr, AccessType access, boolean replace) {
    if (!Addr.isPageAligned(addr) || (addr == 0 && replace)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    AccessType most = access.canWrite() ? AccessType.ANY : AccessType.READ_EXECUTE;
    Placement placement =
        addr == 0
            ? Placement.ANYWHERE
            : replace ? Placement.FIXED_REPLACE : Placement.FIXED_NO_REPLACE;
    MapOptions options =
        MapOptions.builder(segment.byteCount())
            .mappable(segment, segment, 0)
            .at(addr, placement)
            .access(access)
            .maxAccess(most)
            .shared()
            .build();
    segment.hold();
    try {
      return Mmap.map(space, options);
    } catch (LinuxException e) {
      // Linux looks for what is in the way before it maps.
      throw e.errno() == Errno.EEXIST ? LinuxException.of(Errno.EINVAL) : e;
    } finally {
      segment.release();
    }
  }

  /** Detaches the segment that was attached at an address: all areas that are left of it. */
  static void detach(Space space, long addr) {
    if (!Addr.isPageAligned(addr) || addr < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Retired retired = new Retired();
    space.locks.lockMappingsForWriting();
    try {
      Vma vma = space.vmas.tree().lowerBound(addr);
      ShmSegment segment = null;
      while (vma != null && segment == null) {
        if (vma.attributes().identity() instanceof ShmSegment found
            && vma.start() - addr == vma.offset()) {
          segment = found;
        } else {
          vma = vma.next();
        }
      }
      if (segment == null || vma == null) {
        throw LinuxException.of(Errno.EINVAL);
      }
      unmapAll(space, vma, segment, addr, retired);
    } finally {
      space.unlockMappings(retired);
    }
  }

  private static void unmapAll(
      Space space, Vma first, ShmSegment segment, long addr, Retired retired) {
    long end = addr + Addr.pageRoundUp(segment.byteCount());
    Vma vma = first;
    while (vma != null && vma.start() < end) {
      Vma next = vma.next();
      if (segment.equals(vma.attributes().identity()) && vma.start() - addr == vma.offset()) {
        space.unmapRange(vma.start(), vma.end(), retired);
      }
      vma = next;
    }
  }
}
