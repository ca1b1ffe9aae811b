package org.usermem.linux.process;

import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Location;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.PathContext;
import org.usermem.kernel.ExecRequest;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.exec.OpenForExecution;
import org.usermem.linux.path.Paths;
import org.usermem.linux.system.LinuxSystem;

/** execve(2) and execveat(2); fs/exec.c. */
public final class ExecCalls {
  private static final int MAXIMUM_STRING = 32 * 4096;
  private static final int MAXIMUM_TOTAL = 6 << 20;

  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;

  private ExecCalls() {}

  /** execve(filename, argv, envp). */
  public static long execve(Task task, SyscallArguments args) {
    String path = Paths.copyIn(task, args.asLong(0));
    if (path.isEmpty()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    return execute(task, Paths.AT_FDCWD, path, args.asLong(1), args.asLong(2), LookupFlags.FOLLOW);
  }

  /** execveat(dfd, filename, argv, envp, flags). */
  public static long execveat(Task task, SyscallArguments args) {
    int flags = args.asInt(4);
    if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    String path = Paths.copyIn(task, args.asLong(1));
    int lookup = (flags & AT_SYMLINK_NOFOLLOW) == 0 ? LookupFlags.FOLLOW : 0;
    lookup |= (flags & AT_EMPTY_PATH) != 0 ? LookupFlags.EMPTY_PATH : 0;
    return execute(task, args.asInt(0), path, args.asLong(2), args.asLong(3), lookup);
  }

  private static long execute(
      Task task, int directory, String path, long argv, long envp, int lookup) {
    PathContext context = Paths.context(task);
    Location start = Paths.start(task, directory, path);
    FileDescription file =
        OpenForExecution.open(LinuxSystem.of(task).vfs(), context, start, path, lookup);
    try {
      List<byte[]> arguments = task.copyInStringVector(argv, MAXIMUM_STRING, MAXIMUM_TOTAL);
      List<byte[]> environment = task.copyInStringVector(envp, MAXIMUM_STRING, MAXIMUM_TOTAL);
      task.execute(
          new ExecRequest(
              file,
              visiblePath(directory, path),
              arguments,
              environment,
              task.credentials(),
              task.fsContext(),
              task.threadGroup().limits(),
              task));
      return 0;
    } finally {
      file.decRef();
    }
  }

  /** What a script's interpreter can open: of a descriptor, its name under /dev/fd. */
  private static String visiblePath(int directory, String path) {
    if (directory == Paths.AT_FDCWD || path.startsWith("/")) {
      return path;
    }
    return path.isEmpty() ? "/dev/fd/" + directory : "/dev/fd/" + directory + "/" + path;
  }
}
