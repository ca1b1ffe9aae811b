package org.usermem.linux.file;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.kernel.limits.Resource;

/** close(2), dup(2) and their neighbours; fs/file.c. */
public final class DescriptorCalls {
  private static final int CLOSE_RANGE_UNSHARE = 2;
  private static final int CLOSE_RANGE_CLOEXEC = 4;

  private DescriptorCalls() {}

  /** The limit on descriptors: one more than the greatest. */
  public static long limit(Task task) {
    return task.threadGroup().limits().current(Resource.NOFILE);
  }

  /**
   * Opens the lowest free descriptor for a description, whose reference goes over to the table; it
   * is dropped if that fails.
   *
   * @param flags of which {@link OpenFlags#CLOSE_ON_EXEC} counts
   */
  public static int install(Task task, FileDescription file, int flags) {
    return installFrom(task, 0, file, (flags & OpenFlags.CLOSE_ON_EXEC) != 0);
  }

  static int installFrom(Task task, int minimum, FileDescription file, boolean closeOnExec) {
    try {
      return task.files().install(minimum, file, closeOnExec, limit(task));
    } catch (LinuxException e) {
      file.decRef();
      throw e;
    }
  }

  /** close(fd). */
  public static long close(Task task, SyscallArguments args) {
    task.files().close(args.asInt(0));
    return 0;
  }

  /** dup(fildes). */
  public static long dup(Task task, SyscallArguments args) {
    return installFrom(task, 0, task.files().get(args.asInt(0)), false);
  }

  /** dup2(oldfd, newfd). */
  public static long dup2(Task task, SyscallArguments args) {
    int from = args.asInt(0);
    int to = args.asInt(1);
    if (from == to) {
      task.files().get(from).decRef();
      return to;
    }
    return replace(task, from, to, false);
  }

  /** dup3(oldfd, newfd, flags). */
  public static long dup3(Task task, SyscallArguments args) {
    int flags = args.asInt(2);
    if ((flags & ~OpenFlags.CLOSE_ON_EXEC) != 0 || args.asInt(0) == args.asInt(1)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return replace(task, args.asInt(0), args.asInt(1), flags != 0);
  }

  private static long replace(Task task, int from, int to, boolean closeOnExec) {
    if (to < 0 || Long.compareUnsigned(to, limit(task)) >= 0) {
      throw LinuxException.of(Errno.EBADF);
    }
    FileDescription file = task.files().get(from);
    try {
      task.files().replace(to, file, closeOnExec, limit(task));
    } catch (LinuxException e) {
      file.decRef();
      throw e;
    }
    return to;
  }

  /** close_range(first, last, flags). */
  public static long closeRange(Task task, SyscallArguments args) {
    long first = args.asUnsignedInt(0);
    long last = args.asUnsignedInt(1);
    int flags = args.asInt(2);
    if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0 || first > last) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (first > Integer.MAX_VALUE) {
      return 0;
    }
    int end = (int) Math.min(last, Integer.MAX_VALUE);
    if ((flags & CLOSE_RANGE_UNSHARE) != 0) {
      task.parts().unshareFiles();
    }
    FileDescriptorTable files = task.files();
    if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
      files.setCloseOnExecRange((int) first, end);
    } else {
      files.closeRange((int) first, end);
    }
    return 0;
  }
}
