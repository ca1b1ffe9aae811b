package org.usermem.mm;

import java.util.List;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MappingIdentity;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.vma.Vma;

/** mlock(2), munlock(2), mlockall(2) and munlockall(2): Linux's {@code mm/mlock.c}. */
final class Mlock {

  private Mlock() {}

  static void lock(Space space, long addr, long byteCount, LockMode mode) {
    long start = Addr.pageRoundDown(addr);
    long length = Addr.pageRoundUp(byteCount + Addr.pageOffset(addr));
    Retired retired = new Retired();
    List<MappingIdentity> dropped = List.of();
    FaultOutcome outcome = FaultOutcome.HANDLED;
    boolean downgraded = false;
    space.locks.lockMappingsForWriting();
    try {
      if (mode != LockMode.NONE) {
        requireLimit(space, start, length);
      }
      apply(space, start, length, mode);
      if (mode == LockMode.EAGER && length != 0) {
        dropped = space.downgradeMappings();
        downgraded = true;
        outcome = Populating.populate(space, start, start + length, retired);
      }
    } finally {
      if (downgraded) {
        space.locks.unlockMappingsForReading();
        space.finish(dropped, retired);
      } else {
        space.unlockMappings(retired);
      }
    }
    requirePopulated(outcome);
  }

  private static void requireLimit(Space space, long start, long length) {
    MemoryLimits limits = space.limits.get();
    if (limits.mayLock()) {
      return;
    }
    if (limits.locked() == 0) {
      throw LinuxException.of(Errno.EPERM);
    }
    long locked = space.vmas.lockedBytes() - space.vmas.lockedBytesIn(start, start + length);
    if (length < 0 || locked + length > limits.locked()) {
      throw LinuxException.of(Errno.ENOMEM);
    }
  }

  private static void apply(Space space, long start, long length, LockMode mode) {
    if (Addr.addOverflows(start, length)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (length == 0) {
      return;
    }
    long end = Addr.min(start + length, space.layout.maxAddress());
    boolean whole =
        Addr.lessThan(start, end)
            && AreaChange.apply(
                space, start, end, false, attributes -> attributes.withLockMode(mode));
    if (!whole || end != start + length) {
      throw LinuxException.of(Errno.ENOMEM);
    }
  }

  /** Linux: {@code __mlock_posix_error_return}. */
  private static void requirePopulated(FaultOutcome outcome) {
    switch (outcome) {
      case HANDLED -> {}
      case MAPERR, ACCERR, BUS -> throw LinuxException.of(Errno.ENOMEM);
      case OUT_OF_MEMORY -> throw LinuxException.of(Errno.EAGAIN);
    }
  }

  static void lockAll(Space space, boolean current, boolean future, LockMode mode) {
    Retired retired = new Retired();
    List<MappingIdentity> dropped = List.of();
    boolean downgraded = false;
    space.locks.lockMappingsForWriting();
    try {
      if (mode != LockMode.NONE) {
        requireLimitForAll(space, current);
      }
      if (future || mode == LockMode.NONE) {
        space.defaultLockMode = mode;
      } else {
        space.defaultLockMode = LockMode.NONE;
      }
      if (current) {
        applyToAll(space, mode);
        if (mode == LockMode.EAGER) {
          dropped = space.downgradeMappings();
          downgraded = true;
          populateAll(space, retired);
        }
      }
    } finally {
      if (downgraded) {
        space.locks.unlockMappingsForReading();
        space.finish(dropped, retired);
      } else {
        space.unlockMappings(retired);
      }
    }
  }

  private static void requireLimitForAll(Space space, boolean current) {
    MemoryLimits limits = space.limits.get();
    if (limits.mayLock()) {
      return;
    }
    if (limits.locked() == 0) {
      throw LinuxException.of(Errno.EPERM);
    }
    if (current && space.vmas.tree().span() > limits.locked()) {
      throw LinuxException.of(Errno.ENOMEM);
    }
  }

  private static void applyToAll(Space space, LockMode mode) {
    Vma vma = space.vmas.tree().first();
    while (vma != null) {
      space.vmas.setAttributes(vma, vma.attributes().withLockMode(mode));
      vma = space.vmas.mergePrev(vma).next();
    }
  }

  /** Linux ignores what can't be populated. */
  private static void populateAll(Space space, Retired retired) {
    for (Vma vma = space.vmas.tree().first(); vma != null; vma = vma.next()) {
      Populating.populate(space, vma.start(), vma.end(), retired);
    }
  }
}
