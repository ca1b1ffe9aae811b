package org.usermem.linux.memory;

import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Mount;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.Placement;
import org.usermem.memmap.Populate;

/** mmap(2), munmap(2), mprotect(2) and brk(2); mm/mmap.c, mm/mprotect.c. */
public final class MappingCalls {
  private static final int PROT_READ = 1;
  private static final int PROT_GROWSDOWN = 0x01000000;
  private static final int PROT_GROWSUP = 0x02000000;
  private static final int PROT_ACCESS = 7;

  private static final int MAP_TYPE = 0x0f;
  private static final int MAP_SHARED = 1;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_SHARED_VALIDATE = 3;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_32BIT = 0x40;
  private static final int MAP_GROWSDOWN = 0x100;
  private static final int MAP_LOCKED = 0x2000;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MAP_POPULATE = 0x8000;
  private static final int MAP_NONBLOCK = 0x10000;
  private static final int MAP_STACK = 0x20000;
  private static final int MAP_HUGETLB = 0x40000;
  private static final int MAP_HUGE_SHIFT = 26;
  private static final int MAP_FIXED_NOREPLACE = 0x100000;

  /** What MAP_SHARED_VALIDATE knows: types, LEGACY_MAP_MASK, and no MAP_SYNC. */
  private static final int LEGACY_FLAGS = 0x1ff | 0x7f800 | 0x7c000000;

  private static final long READ_IMPLIES_EXEC = 0x0400000;

  private MappingCalls() {}

  /** brk(brk). */
  public static long brk(Task task, SyscallArguments args) {
    return task.memoryManager().brk(args.asLong(0));
  }

  /** munmap(addr, len). */
  public static long munmap(Task task, SyscallArguments args) {
    task.memoryManager().munmap(args.asLong(0), args.asLong(1));
    return 0;
  }

  /** mprotect(start, len, prot). */
  public static long mprotect(Task task, SyscallArguments args) {
    int protection = args.asInt(2);
    int grows = protection & (PROT_GROWSDOWN | PROT_GROWSUP);
    // x86 has no mapping that grows up; asking for both is an error of its own.
    if (grows == (PROT_GROWSDOWN | PROT_GROWSUP)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    // PROT_SEM is the one other bit that arch_validate_prot lets pass.
    if ((protection & ~(PROT_ACCESS | 8 | PROT_GROWSDOWN | PROT_GROWSUP)) != 0
        || grows == PROT_GROWSUP) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.memoryManager()
        .mprotect(
            args.asLong(0), args.asLong(1), access(task, protection), grows == PROT_GROWSDOWN);
    return 0;
  }

  private static AccessType access(Task task, int protection) {
    int bits = protection & PROT_ACCESS;
    if ((bits & PROT_READ) != 0 && (task.parts().personality() & READ_IMPLIES_EXEC) != 0) {
      bits |= AccessType.EXECUTE_BIT;
    }
    return AccessType.of(bits);
  }

  /** mmap(addr, len, prot, flags, fd, off). */
  public static long mmap(Task task, SyscallArguments args) {
    int flags = args.asInt(3);
    long offset = args.asLong(5);
    if (!Addr.isPageAligned(offset)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if ((flags & MAP_ANONYMOUS) != 0) {
      if ((flags & MAP_HUGETLB) != 0) {
        // As on a machine whose pools of huge pages are empty.
        int sizeLog = flags >>> MAP_HUGE_SHIFT;
        boolean known = sizeLog == 0 || sizeLog == 21 || sizeLog == 30;
        throw LinuxException.of(known ? Errno.ENOMEM : Errno.EINVAL);
      }
      MapOptions options = options(task, args, flags).build();
      checkType(flags, false);
      return task.memoryManager().mmap(options);
    }
    FileDescription file = task.files().get(args.asInt(4));
    try {
      return mapFile(task, args, flags, file, offset);
    } finally {
      file.decRef();
    }
  }

  private static long mapFile(
      Task task, SyscallArguments args, int flags, FileDescription file, long offset) {
    if (file.isPath()) {
      throw LinuxException.of(Errno.EBADF);
    }
    long byteCount = args.asLong(1);
    if (byteCount == 0 || (flags & MAP_HUGETLB) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (Long.compareUnsigned(byteCount, task.memoryManager().layout().maxAddress()) > 0) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    if (offset < 0 || offset + byteCount < 0) {
      throw LinuxException.of(Errno.EOVERFLOW);
    }
    checkType(flags, true);
    boolean shared = (flags & MAP_TYPE) != MAP_PRIVATE;
    int protection = args.asInt(2);
    if (!file.isReadable()
        || (shared && (protection & AccessType.WRITE_BIT) != 0 && !file.isWritable())) {
      throw LinuxException.of(Errno.EACCES);
    }
    AccessType access = access(task, protection);
    AccessType maximum = shared && !file.isWritable() ? AccessType.READ_EXECUTE : AccessType.ANY;
    if (file.location().mount().has(Mount.NO_EXECUTE)) {
      if ((protection & AccessType.EXECUTE_BIT) != 0) {
        throw LinuxException.of(Errno.EPERM);
      }
      access = access.without(AccessType.EXECUTE);
      maximum = maximum.without(AccessType.EXECUTE);
    }
    MapOptions.Builder builder =
        options(task, args, flags).mappable(null, null, offset).access(access).maxAccess(maximum);
    MapOptions configured = file.configureMap(builder.build());
    try {
      return task.memoryManager().mmap(configured);
    } finally {
      // The mapping has a reference of its own.
      MappingIdentity identity = configured.identity();
      if (identity != null) {
        identity.decRef();
      }
    }
  }

  private static void checkType(int flags, boolean isFile) {
    switch (flags & MAP_TYPE) {
      case MAP_SHARED, MAP_PRIVATE -> {}
      case MAP_SHARED_VALIDATE -> {
        if (!isFile) {
          throw LinuxException.of(Errno.EINVAL);
        }
        if ((flags & ~LEGACY_FLAGS) != 0) {
          throw LinuxException.of(Errno.EOPNOTSUPP);
        }
      }
      default -> throw LinuxException.of(Errno.EINVAL);
    }
    if ((flags & MAP_GROWSDOWN) != 0 && (flags & MAP_TYPE) != MAP_PRIVATE) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static MapOptions.Builder options(Task task, SyscallArguments args, int flags) {
    Placement placement = Placement.ANYWHERE;
    if ((flags & MAP_FIXED_NOREPLACE) != 0) {
      placement = Placement.FIXED_NO_REPLACE;
    } else if ((flags & MAP_FIXED) != 0) {
      placement = Placement.FIXED_REPLACE;
    }
    boolean populates = (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE;
    return MapOptions.builder(args.asLong(1))
        .at(args.asLong(0), placement)
        .map32Bit((flags & MAP_32BIT) != 0)
        .access(access(task, args.asInt(2)))
        .isPrivate((flags & MAP_TYPE) == MAP_PRIVATE)
        .growsDown((flags & MAP_GROWSDOWN) != 0)
        .stack((flags & MAP_STACK) != 0)
        .populate(populates ? Populate.MAP : Populate.DEFAULT)
        .lockMode((flags & MAP_LOCKED) != 0 ? LockMode.EAGER : LockMode.NONE)
        .noReserve((flags & MAP_NORESERVE) != 0);
  }
}
