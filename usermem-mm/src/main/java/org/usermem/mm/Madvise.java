package org.usermem.mm;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;
import org.usermem.mm.vma.VmaFlag;

/**
 * madvise(2): Linux's {@code do_madvise}. Holes are passed over and make ENOMEM in the end; an
 * error of an area ends the call.
 */
final class Madvise {

  private static final int ACCESS_PATTERN = VmaFlag.SEQUENTIAL | VmaFlag.RANDOM;
  private static final int HUGE_PAGES = VmaFlag.HUGE_PAGE | VmaFlag.NO_HUGE_PAGE;

  private Madvise() {}

  static void advise(Space space, long addr, long byteCount, Advice advice) {
    long length = Addr.pageRoundUp(byteCount);
    if (!Addr.isPageAligned(addr)
        || (byteCount != 0 && length == 0)
        || Addr.addOverflows(addr, length)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (length == 0) {
      return;
    }
    // Beyond the last address there is nothing, which is as good as a hole.
    long end = Addr.min(addr + length, space.layout.maxAddress());
    if (!Addr.lessThan(addr, end)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    boolean whole = dispatch(space, addr, end, advice);
    if (!whole || end != addr + length) {
      throw LinuxException.of(Errno.ENOMEM);
    }
  }

  private static boolean dispatch(Space space, long start, long end, Advice advice) {
    return switch (advice) {
      case NORMAL -> flags(space, start, end, ACCESS_PATTERN, 0);
      case RANDOM -> flags(space, start, end, ACCESS_PATTERN, VmaFlag.RANDOM);
      case SEQUENTIAL -> flags(space, start, end, ACCESS_PATTERN, VmaFlag.SEQUENTIAL);
      case DONTFORK -> flags(space, start, end, 0, VmaFlag.DONT_FORK);
      case DOFORK -> flags(space, start, end, VmaFlag.DONT_FORK, 0);
      case MERGEABLE -> flags(space, start, end, 0, VmaFlag.MERGEABLE);
      case UNMERGEABLE -> flags(space, start, end, VmaFlag.MERGEABLE, 0);
      case HUGEPAGE -> flags(space, start, end, HUGE_PAGES, VmaFlag.HUGE_PAGE);
      case NOHUGEPAGE -> flags(space, start, end, HUGE_PAGES, VmaFlag.NO_HUGE_PAGE);
      case DONTDUMP -> flags(space, start, end, 0, VmaFlag.DONT_DUMP);
      case DODUMP -> flags(space, start, end, VmaFlag.DONT_DUMP, 0);
      case KEEPONFORK -> flags(space, start, end, VmaFlag.WIPE_ON_FORK, 0);
      case WIPEONFORK -> change(space, start, end, Madvise::wipedOnFork);
      case WILLNEED -> visit(space, start, end, vma -> {});
      case COLD, PAGEOUT -> visit(space, start, end, Madvise::requireUnlocked);
      case DONTNEED -> drop(space, start, end, Madvise::requireUnlocked);
      case DONTNEED_LOCKED -> drop(space, start, end, vma -> {});
      case FREE -> drop(space, start, end, Madvise::requireFreeable);
      case REMOVE -> remove(space, start, end);
      case POPULATE_READ -> populate(space, start, end, AccessType.READ);
      case POPULATE_WRITE -> populate(space, start, end, AccessType.WRITE);
    };
  }

  private static boolean flags(Space space, long start, long end, int clear, int set) {
    return change(
        space, start, end, attributes -> attributes.withFlags((attributes.flags() & ~clear) | set));
  }

  private static VmaAttributes wipedOnFork(VmaAttributes attributes) {
    if (!attributes.isAnonymous()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return attributes.withFlags(attributes.flags() | VmaFlag.WIPE_ON_FORK);
  }

  private static boolean change(
      Space space, long start, long end, UnaryOperator<VmaAttributes> change) {
    space.locks.lockMappingsForWriting();
    try {
      return AreaChange.apply(space, start, end, true, change);
    } catch (LinuxException e) {
      // Linux: madvise says "try again" where there are too many areas.
      throw e.errno() == Errno.ENOMEM ? LinuxException.of(Errno.EAGAIN) : e;
    } finally {
      space.unlockMappings(new Retired());
    }
  }

  /** What an advice asks of each area. */
  @FunctionalInterface
  private interface Check {

    /** Throws if the area refuses the advice. */
    void check(Vma vma);
  }

  private static void requireUnlocked(Vma vma) {
    if (vma.attributes().isLocked()) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static void requireFreeable(Vma vma) {
    requireUnlocked(vma);
    if (!vma.attributes().isAnonymous()) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static boolean visit(Space space, long start, long end, Check check) {
    space.locks.lockMappingsForReading();
    try {
      return visitLocked(space, start, end, check, null);
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }

  private static boolean drop(Space space, long start, long end, Check check) {
    Retired retired = new Retired();
    space.locks.lockMappingsForReading();
    try {
      space.locks.lockPagesForWriting();
      try {
        return visitLocked(space, start, end, check, retired);
      } finally {
        space.locks.unlockPagesForWriting();
      }
    } finally {
      space.locks.unlockMappingsForReading();
      space.quarantine.retire(retired);
    }
  }

  private static boolean visitLocked(
      Space space, long start, long end, Check check, @Nullable Retired retired) {
    long at = start;
    boolean whole = true;
    for (Vma vma = space.vmas.tree().lowerBound(start);
        vma != null && vma.start() < end;
        vma = vma.next()) {
      whole &= vma.start() <= at;
      check.check(vma);
      if (retired != null) {
        space.removePages(Math.max(vma.start(), start), Math.min(vma.end(), end), true, retired);
      }
      at = vma.end();
    }
    return whole && at >= end;
  }

  /** MADV_REMOVE, area by area: the hole is made without a lock, for it takes a file's locks. */
  private static boolean remove(Space space, long start, long end) {
    long at = start;
    boolean whole = true;
    while (at < end) {
      MappingIdentity identity;
      MappableRange range;
      space.locks.lockMappingsForReading();
      try {
        Vma vma = space.vmas.tree().lowerBound(at);
        if (vma == null || vma.start() >= end) {
          return false;
        }
        whole &= vma.start() <= at;
        identity = removable(vma);
        long from = Math.max(vma.start(), at);
        long to = Math.min(vma.end(), end);
        range = vma.mappableRange(from, to);
        at = to;
        identity.incRef();
      } finally {
        space.locks.unlockMappingsForReading();
      }
      try {
        identity.punchHole(range);
      } finally {
        identity.decRef();
      }
    }
    return whole;
  }

  private static MappingIdentity removable(Vma vma) {
    requireUnlocked(vma);
    MappingIdentity identity = vma.attributes().identity();
    if (vma.attributes().isAnonymous() || identity == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (!vma.attributes().canWriteMappable()) {
      throw LinuxException.of(Errno.EACCES);
    }
    return identity;
  }

  private static boolean populate(Space space, long start, long end, AccessType access) {
    Retired retired = new Retired();
    space.locks.lockMappingsForReading();
    try {
      long at = start;
      while (at < end) {
        Vma vma = space.vmas.tree().find(at);
        if (vma == null) {
          return false;
        }
        AccessType allowed = vma.attributes().access();
        if (access.canWrite() ? !allowed.canWrite() : !allowed.canRead()) {
          throw LinuxException.of(Errno.EINVAL);
        }
        long stop = Math.min(vma.end(), end);
        at =
            switch (Populating.populateArea(space, vma, at, stop, access, retired)) {
              case HANDLED -> stop;
              case OUT_OF_MEMORY -> throw LinuxException.of(Errno.ENOMEM);
              case MAPERR, ACCERR, BUS -> throw LinuxException.of(Errno.EFAULT);
            };
      }
      return true;
    } finally {
      space.locks.unlockMappingsForReading();
      space.quarantine.retire(retired);
    }
  }
}
