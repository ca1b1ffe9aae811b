package org.usermem.linux.file;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.eventfd.EventDescription;
import org.usermem.fs.memfd.SharedMemory;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.system.LinuxSystem;

/** Calls that make a description of nothing that has a path: memfd_create(2), eventfd(2). */
public final class DescriptionCalls {
  private static final int EFD_SEMAPHORE = 1;

  /** The longest name of a memfd, with its NUL. */
  private static final int MEMFD_NAME_BYTES = 250;

  private static final int MFD_HUGETLB = 4;
  private static final int MFD_FLAGS = 0x1f;
  private static final int MFD_HUGE_SIZE = 0x3f << 26;

  private DescriptionCalls() {}

  /** memfd_create(name, flags). */
  public static long memfdCreate(Task task, SyscallArguments args) {
    int flags = args.asInt(1);
    String name;
    try {
      name = task.copyInString(args.asLong(0), MEMFD_NAME_BYTES);
    } catch (LinuxException e) {
      throw e.errno() == Errno.ENAMETOOLONG ? LinuxException.of(Errno.EINVAL) : e;
    }
    if ((flags & MFD_HUGETLB) != 0 && (flags & ~(MFD_FLAGS | MFD_HUGE_SIZE)) == 0) {
      // As /sys/kernel/mm/hugepages says, there are no huge pages of any size to be had.
      throw LinuxException.of(Errno.ENODEV);
    }
    var file =
        LinuxSystem.of(task).sharedMemory().createMemfd(name, flags, task.credentials().forFiles());
    boolean closeOnExec = (flags & SharedMemory.CLOSE_ON_EXEC) != 0;
    return DescriptorCalls.install(task, file, closeOnExec ? OpenFlags.CLOSE_ON_EXEC : 0);
  }

  /** eventfd(initval). */
  public static long eventfd(Task task, SyscallArguments args) {
    return eventfd(task, args.asInt(0), 0);
  }

  /** eventfd2(initval, flags). */
  public static long eventfd2(Task task, SyscallArguments args) {
    return eventfd(task, args.asInt(0), args.asInt(1));
  }

  private static long eventfd(Task task, int initial, int flags) {
    int known = EFD_SEMAPHORE | OpenFlags.CLOSE_ON_EXEC | OpenFlags.NON_BLOCKING;
    if ((flags & ~known) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    EventDescription file =
        EventDescription.create(
            LinuxSystem.of(task).vfs().anonymousFiles(),
            initial,
            (flags & EFD_SEMAPHORE) != 0,
            flags,
            task.credentials().forFiles());
    return DescriptorCalls.install(task, file, flags & OpenFlags.CLOSE_ON_EXEC);
  }
}
