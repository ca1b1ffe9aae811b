package org.usermem.mm;

import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;

/** msync(2). */
final class Msync {

  private Msync() {}

  static void sync(Space space, long addr, long byteCount, boolean sync, boolean invalidate) {
    if (!Addr.isPageAligned(addr)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long end = addr + Addr.pageRoundUp(byteCount);
    if (Addr.lessThan(end, addr)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    if (end == addr) {
      return;
    }
    if (addr < 0) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    long stop = end < 0 ? Long.MAX_VALUE : end;
    long at = addr;
    boolean whole = true;
    while (at < stop) {
      Step step = nextStep(space, at, stop, sync, invalidate);
      whole &= step.whole;
      at = step.end;
      if (step.identity != null) {
        // It may take locks that come before those of the mappings.
        try {
          step.identity.msync(step.range);
        } finally {
          step.identity.decRef();
        }
      }
    }
    if (!whole) {
      throw LinuxException.of(Errno.ENOMEM);
    }
  }

  /** What one look at the areas found to do. */
  private record Step(
      boolean whole, long end, @Nullable MappingIdentity identity, MappableRange range) {}

  private static final MappableRange NOTHING = new MappableRange(0, 0);

  private static Step nextStep(
      Space space, long start, long end, boolean sync, boolean invalidate) {
    boolean whole = true;
    long at = start;
    space.locks.lockMappingsForReading();
    try {
      for (Vma vma = space.vmas.tree().lowerBound(start);
          vma != null && vma.start() < end;
          vma = vma.next()) {
        whole &= vma.start() <= at;
        VmaAttributes attributes = vma.attributes();
        if (invalidate && attributes.isLocked()) {
          throw LinuxException.of(Errno.EBUSY);
        }
        long from = Math.max(vma.start(), at);
        at = Math.min(vma.end(), end);
        MappingIdentity identity = attributes.identity();
        if (sync && identity != null && !attributes.isPrivate()) {
          identity.incRef();
          return new Step(whole, at, identity, vma.mappableRange(from, at));
        }
      }
      return new Step(whole && at >= end, end, null, NOTHING);
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }
}
