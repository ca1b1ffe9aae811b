package org.usermem.linux.file;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.pipe.PipeDescription;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;

/** fcntl(2); fs/fcntl.c. */
public final class FcntlCalls {
  private static final int F_DUPFD = 0;
  private static final int F_GETFD = 1;
  private static final int F_SETFD = 2;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_GETLK = 5;
  private static final int F_SETLK = 6;
  private static final int F_SETLKW = 7;
  static final int F_SETOWN = 8;
  static final int F_GETOWN = 9;
  static final int F_SETSIG = 10;
  static final int F_GETSIG = 11;
  static final int F_SETOWN_EX = 15;
  static final int F_GETOWN_EX = 16;
  private static final int F_OFD_GETLK = 36;
  private static final int F_OFD_SETLK = 37;
  private static final int F_OFD_SETLKW = 38;
  private static final int F_GETLEASE = 1025;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int F_GETPIPE_SZ = 1032;
  private static final int F_ADD_SEALS = 1033;
  private static final int F_GET_SEALS = 1034;

  private static final int F_UNLCK = 2;
  private static final int FD_CLOEXEC = 1;

  private FcntlCalls() {}

  /** fcntl(fd, cmd, arg). */
  public static long fcntl(Task task, SyscallArguments args) {
    int fd = args.asInt(0);
    int command = args.asInt(1);
    FileDescription file = task.files().get(fd);
    try {
      return switch (command) {
        case F_DUPFD, F_DUPFD_CLOEXEC ->
            duplicate(task, file, args.asInt(2), command == F_DUPFD_CLOEXEC);
        case F_GETFD -> task.files().isCloseOnExec(fd) ? FD_CLOEXEC : 0;
        case F_SETFD -> {
          task.files().setCloseOnExec(fd, (args.asInt(2) & FD_CLOEXEC) != 0);
          yield 0;
        }
        case F_GETFL -> file.flags();
        default -> {
          if (file.isPath()) {
            throw LinuxException.of(Errno.EBADF);
          }
          yield onFile(task, file, fd, command, args.asLong(2));
        }
      };
    } finally {
      file.decRef();
    }
  }

  private static long duplicate(Task task, FileDescription file, int minimum, boolean closeOnExec) {
    if (minimum < 0 || Long.compareUnsigned(minimum, DescriptorCalls.limit(task)) >= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    file.incRef();
    return DescriptorCalls.installFrom(task, minimum, file, closeOnExec);
  }

  private static long onFile(Task task, FileDescription file, int fd, int command, long argument) {
    return switch (command) {
      case F_SETFL -> {
        FileOwner.setFlags(task, file, fd, (int) argument & OpenFlags.CHANGEABLE);
        yield 0;
      }
      case F_GETLK -> LockCalls.get(task, file, argument, false);
      case F_SETLK -> LockCalls.set(task, file, argument, false, false);
      case F_SETLKW -> LockCalls.set(task, file, argument, false, true);
      case F_OFD_GETLK -> LockCalls.get(task, file, argument, true);
      case F_OFD_SETLK -> LockCalls.set(task, file, argument, true, false);
      case F_OFD_SETLKW -> LockCalls.set(task, file, argument, true, true);
      case F_SETOWN, F_GETOWN, F_SETOWN_EX, F_GETOWN_EX, F_SETSIG, F_GETSIG ->
          OwnerCalls.fcntl(task, FileOwner.of(task, file), command, argument);
      case F_GETLEASE -> F_UNLCK;
      case F_SETPIPE_SZ ->
          pipe(file).setCapacity(argument & 0xffff_ffffL, task.credentials().forFiles());
      case F_GETPIPE_SZ -> pipe(file).capacity();
      case F_ADD_SEALS -> Seals.add(file, (int) argument);
      case F_GET_SEALS -> Seals.get(file);
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }

  private static PipeDescription pipe(FileDescription file) {
    if (file instanceof PipeDescription pipe) {
      return pipe;
    }
    throw LinuxException.of(Errno.EBADF);
  }
}
