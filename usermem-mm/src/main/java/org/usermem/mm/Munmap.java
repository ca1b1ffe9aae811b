package org.usermem.mm;

import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.vma.Vma;

/** munmap(2). */
final class Munmap {

  private Munmap() {}

  static void unmap(Space space, long addr, long byteCount) {
    long taskSize = space.layout.maxAddress();
    if (!Addr.isPageAligned(addr)
        || !Addr.atMost(addr, taskSize)
        || Addr.lessThan(taskSize - addr, byteCount)
        || byteCount == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long end = Addr.pageRoundUp(addr + byteCount);
    Retired retired = new Retired();
    space.locks.lockMappingsForWriting();
    try {
      requireRoomForSplit(space, addr, end);
      space.unmapRange(addr, end, retired);
    } finally {
      space.unlockMappings(retired);
    }
  }

  /** Linux: an area may be split in two only if the limit allows one more. */
  static void requireRoomForSplit(Space space, long start, long end) {
    Vma vma = space.vmas.tree().lowerBound(start);
    if (vma != null
        && vma.start() < start
        && vma.end() > end
        && space.vmas.tree().size() >= space.limits.get().mapCount()) {
      throw LinuxException.of(Errno.ENOMEM);
    }
  }
}
