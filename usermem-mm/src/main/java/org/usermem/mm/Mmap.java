package org.usermem.mm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.Placement;
import org.usermem.memmap.Populate;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.numa.NumaPolicy;
import org.usermem.mm.shared.SharedMemory;
import org.usermem.mm.vma.VmaAttributes;
import org.usermem.mm.vma.VmaFlag;

/** mmap(2): Linux's {@code do_mmap} and {@code mmap_region}. */
final class Mmap {

  private Mmap() {}

  static long map(Space space, MapOptions options) {
    long byteCount = checkedByteCount(space, options);
    SharedMemory shared = null;
    Mappable mappable = options.mappable();
    MappingIdentity identity = options.identity();
    if (mappable == null && !options.isPrivate()) {
      shared = SharedPages.anonymous(space, byteCount);
      mappable = shared;
      identity = shared;
    }
    try {
      return map(space, options, byteCount, mappable, identity);
    } finally {
      if (shared != null) {
        // The area has a reference of its own.
        shared.decRef();
      }
    }
  }

  private static long checkedByteCount(Space space, MapOptions options) {
    long byteCount = options.byteCount();
    if (byteCount == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long rounded = Addr.pageRoundUp(byteCount);
    if (rounded == 0 || !Addr.atMost(rounded, space.layout.maxAddress())) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    if (options.mappable() != null) {
      if (!Addr.isPageAligned(options.offset())) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if (options.offset() < 0 || options.offset() + rounded < 0) {
        throw LinuxException.of(Errno.EOVERFLOW);
      }
    }
    if (options.growsDown() && (options.mappable() != null || !options.isPrivate())) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return rounded;
  }

  private static long map(
      Space space,
      MapOptions options,
      long byteCount,
      @Nullable Mappable mappable,
      @Nullable MappingIdentity identity) {
    Retired retired = new Retired();
    boolean downgraded = false;
    List<MappingIdentity> dropped = List.of();
    space.locks.lockMappingsForWriting();
    try {
      LockMode lockMode = stronger(options.lockMode(), space.defaultLockMode);
      VmaAttributes attributes = attributes(options, mappable, identity, lockMode);
      long addr = create(space, options, byteCount, attributes, attributes.isLocked(), retired);
      if (options.populate() != Populate.DEFAULT || lockMode == LockMode.EAGER) {
        dropped = space.downgradeMappings();
        downgraded = true;
        Populating.populate(space, addr, addr + byteCount, retired);
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

  static LockMode stronger(LockMode left, LockMode right) {
    if (left == LockMode.EAGER || right == LockMode.EAGER) {
      return LockMode.EAGER;
    }
    return left == LockMode.NONE ? right : left;
  }

  private static VmaAttributes attributes(
      MapOptions options,
      @Nullable Mappable mappable,
      @Nullable MappingIdentity identity,
      LockMode lockMode) {
    int flags =
        (options.isPrivate() ? VmaFlag.PRIVATE : 0)
            | (options.growsDown() ? VmaFlag.GROWS_DOWN : 0)
            | (options.stack() ? VmaFlag.STACK : 0)
            | (options.noReserve() ? VmaFlag.NO_RESERVE : 0);
    return new VmaAttributes(
        mappable,
        identity,
        options.access(),
        options.maxAccess(),
        flags,
        lockMode,
        NumaPolicy.DEFAULT,
        options.name());
  }

  /** Makes the area and returns its address. Under the write lock of the mappings. */
  static long create(
      Space space,
      MapOptions options,
      long byteCount,
      VmaAttributes attributes,
      boolean locked,
      Retired retired) {
    MemoryLimits limits = space.limits.get();
    if (space.vmas.tree().size() > limits.mapCount()) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    long addr = Placing.place(space, options, byteCount);
    long end = addr + byteCount;
    boolean replace = options.placement() == Placement.FIXED_REPLACE;
    Quota.requireRoom(space, limits, attributes, addr, byteCount, replace);
    if (locked) {
      Quota.requireLockable(space, limits, byteCount, replace ? addr : end, end);
    }
    if (replace) {
      Munmap.requireRoomForSplit(space, addr, end);
      space.unmapRange(addr, end, retired);
    }
    insert(space, addr, end, options.offset(), attributes);
    return addr;
  }

  /** Tells the mappable, then inserts an area with a new reference on the identity. */
  static void insert(Space space, long start, long end, long offset, VmaAttributes attributes) {
    Mappable mappable = attributes.mappable();
    if (mappable != null) {
      mappable.addMapping(space, new AddrRange(start, end), offset, attributes.canWriteMappable());
    }
    MappingIdentity identity = attributes.identity();
    if (identity != null) {
      identity.incRef();
    }
    space.vmas.insert(start, end, offset, attributes);
  }
}
