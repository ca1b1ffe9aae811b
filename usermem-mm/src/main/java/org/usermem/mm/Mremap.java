package org.usermem.mm;

import java.util.List;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.Placement;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;

/**
 * mremap(2): Linux's {@code do_mremap} of 6.17, which moves several areas at a time. One use, under
 * the write lock of the mappings.
 */
final class Mremap {

  private final Space space;
  private final RemapOptions options;
  private final Retired retired;

  /** What must be populated once it is there, because it is locked. */
  private long populateStart;

  private long populateEnd;

  private Mremap(Space space, RemapOptions options, Retired retired) {
    this.space = space;
    this.options = options;
    this.retired = retired;
  }

  static long remap(
      Space space, long addr, long oldByteCount, long newByteCount, RemapOptions options) {
    long oldLength = Addr.pageRoundUp(oldByteCount);
    long newLength = Addr.pageRoundUp(newByteCount);
    checkArguments(space, addr, oldLength, newLength, options);
    Retired retired = new Retired();
    Mremap remap = new Mremap(space, options, retired);
    List<MappingIdentity> dropped = List.of();
    boolean downgraded = false;
    space.locks.lockMappingsForWriting();
    try {
      long result = remap.run(addr, oldLength, newLength);
      if (remap.populateStart < remap.populateEnd) {
        dropped = space.downgradeMappings();
        downgraded = true;
        Populating.populate(space, remap.populateStart, remap.populateEnd, retired);
      }
      return result;
    } finally {
      if (downgraded) {
        space.locks.unlockMappingsForReading();
        space.finish(dropped, retired);
      } else {
        space.unlockMappings(retired);
      }
    }
  }

  /** Linux: {@code check_mremap_params}. */
  private static void checkArguments(
      Space space, long addr, long oldLength, long newLength, RemapOptions options) {
    long taskSize = space.layout.maxAddress();
    boolean bad = !Addr.isPageAligned(addr) || newLength == 0 || Addr.lessThan(taskSize, newLength);
    if (!bad && options.hasNewAddress()) {
      long to = options.newAddress();
      bad =
          Addr.lessThan(taskSize - newLength, to)
              || !Addr.isPageAligned(to)
              || !options.mayMove()
              || (options.dontUnmap() && oldLength != newLength)
              || (Addr.lessThan(to, addr + oldLength) && Addr.lessThan(addr, to + newLength));
    }
    if (bad) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private long run(long addr, long oldLength, long newLength) {
    if (options.hasNewAddress()
        && space.vmas.tree().size() + 2 >= space.limits.get().mapCount() - 3) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    if (options.fixed() && oldLength == newLength) {
      return moveAll(addr, oldLength);
    }
    check(addr, oldLength, newLength);
    if (options.hasNewAddress()) {
      return moveTo(addr, oldLength, newLength, options.newAddress());
    }
    if (oldLength == newLength) {
      return addr;
    }
    if (newLength < oldLength) {
      shrink(addr, oldLength, newLength);
      return addr;
    }
    return expand(addr, oldLength, newLength);
  }

  /** Moves every area of a range; the gaps between them stay as they are. Linux: remap_move. */
  private long moveAll(long addr, long length) {
    long end = addr + length;
    Vma vma = space.vmas.tree().lowerBound(addr);
    if (vma == null || vma.start() > addr) {
      throw LinuxException.of(Errno.EFAULT);
    }
    long shift = options.newAddress() - addr;
    long at = addr;
    while (at < end && vma != null && vma.start() < end) {
      long from = Math.max(vma.start(), at);
      long to = Math.min(vma.end(), end);
      check(from, to - from, to - from);
      moveTo(from, to - from, to - from, from + shift);
      at = to;
      vma = space.vmas.tree().lowerBound(at);
    }
    return options.newAddress();
  }

  private Vma requireArea(long addr) {
    Vma vma = space.vmas.tree().find(addr);
    if (vma == null) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return vma;
  }

  /** Linux: {@code check_prep_vma}. */
  private void check(long addr, long oldLength, long newLength) {
    Vma vma = requireArea(addr);
    if (!options.hasNewAddress() && newLength <= oldLength) {
      return;
    }
    VmaAttributes attributes = vma.attributes();
    if (oldLength == 0 && attributes.isPrivate()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (Math.min(oldLength, newLength) > vma.end() - addr
        || (newLength > oldLength && oldLength > vma.end() - addr)) {
      throw LinuxException.of(Errno.EFAULT);
    }
    if (newLength <= oldLength) {
      return;
    }
    if (!attributes.isAnonymous() && vma.offsetAt(addr) + newLength < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    MappingIdentity identity = attributes.identity();
    if (identity != null && !identity.mayExpand()) {
      throw LinuxException.of(Errno.EFAULT);
    }
    long more = newLength - oldLength;
    MemoryLimits limits = space.limits.get();
    if (attributes.isLocked()
        && !limits.mayLock()
        && space.vmas.lockedBytes() + more > limits.locked()) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    Quota.requireRoom(space, limits, attributes, addr, more, false);
  }

  private void shrink(long addr, long oldLength, long newLength) {
    if (Addr.lessThan(space.layout.maxAddress() - addr, oldLength)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Munmap.requireRoomForSplit(space, addr + newLength, addr + oldLength);
    space.unmapRange(addr + newLength, addr + oldLength, retired);
  }

  private long expand(long addr, long oldLength, long newLength) {
    Vma vma = requireArea(addr);
    long end = addr + newLength;
    if (vma.end() == addr + oldLength
        && Addr.atMost(end, space.layout.maxAddress())
        && space.vmas.tree().isFree(vma.end(), end)) {
      noteLocked(vma, addr + oldLength, end);
      Mmap.insert(space, vma.end(), end, vma.offsetAt(addr) + oldLength, vma.attributes());
      return addr;
    }
    if (!options.mayMove()) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    return move(addr, oldLength, newLength, anywhere(vma, newLength, 0));
  }

  private long anywhere(Vma vma, long length, long hint) {
    MapOptions wanted =
        MapOptions.builder(length)
            .at(hint, Placement.ANYWHERE)
            .mappable(vma.attributes().mappable(), vma.attributes().identity(), 0)
            .build();
    return Placing.place(space, wanted, length);
  }

  /** Linux: {@code mremap_to}. */
  private long moveTo(long addr, long oldLength, long newLength, long to) {
    if (options.fixed()) {
      if (to < space.layout.minAddress()) {
        throw LinuxException.of(Errno.EPERM);
      }
      Munmap.requireRoomForSplit(space, to, to + newLength);
      space.unmapRange(to, to + newLength, retired);
    }
    Vma vma = requireArea(addr);
    long length = oldLength;
    if (newLength < oldLength) {
      shrink(addr, oldLength, newLength);
      length = newLength;
    }
    if (options.dontUnmap()) {
      Quota.requireRoom(space, space.limits.get(), vma.attributes(), addr, length, false);
    }
    long target = options.fixed() ? to : anywhere(vma, newLength, to);
    return move(addr, length, newLength, target);
  }

  private void noteLocked(Vma vma, long start, long end) {
    if (vma.attributes().lockMode() == LockMode.EAGER) {
      populateStart = start;
      populateEnd = end;
    }
  }

  /** Moves a part of an area, or with a length of 0 maps the same again. Linux: move_vma. */
  private long move(long addr, long oldLength, long newLength, long to) {
    if (space.vmas.tree().size() >= space.limits.get().mapCount() - 3) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    Vma vma = requireArea(addr);
    VmaAttributes attributes = vma.attributes();
    long offset = vma.offsetAt(addr);
    noteLocked(vma, to, to + newLength);
    if (attributes.mappable() != null) {
      attributes
          .mappable()
          .copyMapping(
              space,
              new AddrRange(addr, addr + oldLength),
              new AddrRange(to, to + newLength),
              offset,
              attributes.canWriteMappable());
    }
    MappingIdentity identity = attributes.identity();
    if (identity != null) {
      identity.incRef();
    }
    if (oldLength > 0 && !options.dontUnmap()) {
      removeSource(vma, addr, oldLength);
    }
    if (options.dontUnmap() && isTouched(vma)) {
      // Memory that has pages keeps their offset where it goes, so it does not become one with what
      // it leaves behind.
      unlock(vma);
    }
    space.vmas.insert(to, to + newLength, offset, attributes);
    if (oldLength > 0) {
      movePages(addr, addr + oldLength, to);
    }
    if (options.dontUnmap()) {
      unlock(requireArea(addr));
    } else if (oldLength > 0 && attributes.mappable() != null) {
      // Only now: until its pages have moved, what is mapped may have to invalidate them.
      attributes
          .mappable()
          .removeMapping(
              space, new AddrRange(addr, addr + oldLength), offset, attributes.canWriteMappable());
    }
    return to;
  }

  private void removeSource(Vma vma, long addr, long length) {
    space.vmas.remove(space.vmas.isolate(vma, addr, addr + length));
  }

  private void movePages(long start, long end, long to) {
    space.locks.lockPagesForWriting();
    try {
      space.movePages(start, end, to);
    } finally {
      space.locks.unlockPagesForWriting();
    }
    // A copy that began before the move must not be seen to write to what another may map now.
    space.quarantine.epochs().await();
  }

  private boolean isTouched(Vma vma) {
    Pma pma = space.pmas.tree().lowerBound(vma.start());
    return pma != null && pma.start() < vma.end();
  }

  /**
   * What MREMAP_DONTUNMAP leaves behind is not locked, nor is the rest of its area. Linux: {@code
   * dontunmap_complete}.
   */
  private void unlock(Vma source) {
    if (source.attributes().isLocked()) {
      space.vmas.setAttributes(source, source.attributes().withLockMode(LockMode.NONE));
    }
  }
}
