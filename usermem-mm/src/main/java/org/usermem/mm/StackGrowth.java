package org.usermem.mm;

import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaFlag;

/** Areas that grow down: Linux's {@code expand_downwards} and {@code acct_stack_growth}. */
final class StackGrowth {

  private StackGrowth() {}

  /** Returns whether nothing is mapped at an address and the next area above it grows down. */
  static boolean isBelowStack(Space space, long addr) {
    space.locks.lockMappingsForReading();
    try {
      Vma vma = space.vmas.tree().lowerBound(addr);
      return vma != null && !vma.contains(addr) && vma.attributes().has(VmaFlag.GROWS_DOWN);
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }

  /** Makes the area above an address reach down to it, if it may; returns whether it does. */
  static boolean grow(Space space, long addr) {
    space.locks.lockMappingsForWriting();
    try {
      Vma vma = space.vmas.tree().lowerBound(addr);
      if (vma == null) {
        return false;
      }
      return vma.contains(addr) || growLocked(space, vma, Addr.pageRoundDown(addr));
    } finally {
      space.unlockMappings(new Retired());
    }
  }

  private static boolean growLocked(Space space, Vma vma, long start) {
    if (!vma.attributes().has(VmaFlag.GROWS_DOWN) || start < space.layout.minAddress()) {
      return false;
    }
    Vma before = vma.prev();
    if (before != null
        && !before.attributes().has(VmaFlag.GROWS_DOWN)
        && before.attributes().access() != AccessType.NONE
        && start - before.end() < Vma.GUARD_BYTES) {
      return false;
    }
    MemoryLimits limits = space.limits.get();
    long more = vma.start() - start;
    if (vma.end() - start > limits.stack()
        || space.vmas.tree().span() + more > limits.addressSpace()) {
      return false;
    }
    if (vma.attributes().isLocked()
        && !limits.mayLock()
        && space.vmas.lockedBytes() + more > limits.locked()) {
      return false;
    }
    space.vmas.growDown(vma, start);
    return true;
  }
}
