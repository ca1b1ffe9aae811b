package org.usermem.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.WaitOptions;
import org.usermem.kernel.WaitResult;
import org.usermem.kernel.signal.Signals;

/** wait4(2) and waitid(2); kernel/exit.c. */
public final class WaitCalls {
  private static final int WAIT4_FLAGS =
      WaitOptions.WNOHANG
          | WaitOptions.WSTOPPED
          | WaitOptions.WCONTINUED
          | WaitOptions.WNOTHREAD
          | WaitOptions.WALL
          | WaitOptions.WCLONE;

  private static final int WAITID_FLAGS = WAIT4_FLAGS | WaitOptions.WEXITED | WaitOptions.WNOWAIT;

  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int P_PGID = 2;
  private static final int P_PIDFD = 3;

  private static final int INFO_BYTE_COUNT = 28;

  private WaitCalls() {}

  /** wait4(upid, stat_addr, options, ru). */
  public static long wait4(Task task, SyscallArguments args) {
    int flags = args.asInt(2);
    int pid = args.asInt(0);
    if ((flags & ~WAIT4_FLAGS) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (pid == Integer.MIN_VALUE) {
      throw LinuxException.of(Errno.ESRCH);
    }
    int group = task.threadGroup().processGroup().id();
    WaitResult result = task.relations().await(WaitOptions.wait4(pid, group, flags));
    if (result == null) {
      return 0;
    }
    if (args.asLong(1) != 0) {
      task.copyOutInt(args.asLong(1), result.status());
    }
    if (args.asLong(3) != 0) {
      LimitCalls.copyOut(task, result.usage(), args.asLong(3));
    }
    return result.pid();
  }

  /** waitid(which, upid, infop, options, ru). */
  public static long waitid(Task task, SyscallArguments args) {
    int flags = args.asInt(3);
    int wanted = WaitOptions.WEXITED | WaitOptions.WSTOPPED | WaitOptions.WCONTINUED;
    if ((flags & ~WAITID_FLAGS) != 0 || (flags & wanted) == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    WaitResult result = waitid(task, args.asInt(0), args.asInt(1), flags);
    if (result != null && args.asLong(4) != 0) {
      LimitCalls.copyOut(task, result.usage(), args.asLong(4));
    }
    if (args.asLong(2) != 0) {
      copyOut(task, result, args.asLong(2));
    }
    return 0;
  }

  private static @Nullable WaitResult waitid(Task task, int which, int id, int flags) {
    WaitOptions options =
        switch (which) {
          case P_ALL -> new WaitOptions(WaitOptions.Selection.ANY, 0, flags);
          case P_PID -> {
            requireTrue(id > 0);
            yield new WaitOptions(WaitOptions.Selection.PROCESS, id, flags);
          }
          case P_PGID -> {
            requireTrue(id >= 0);
            int group = id == 0 ? task.threadGroup().processGroup().id() : id;
            yield new WaitOptions(WaitOptions.Selection.PROCESS_GROUP, group, flags);
          }
          case P_PIDFD -> {
            requireTrue(id >= 0);
            yield ofPidfd(task, id, flags);
          }
          default -> throw LinuxException.of(Errno.EINVAL);
        };
    WaitResult result = task.relations().await(options);
    boolean wouldWait = which == P_PIDFD && result == null && (flags & WaitOptions.WNOHANG) == 0;
    if (wouldWait) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    return result;
  }

  /** A pidfd with O_NONBLOCK waits as with WNOHANG, and says EAGAIN where that says nothing. */
  private static WaitOptions ofPidfd(Task task, int fd, int flags) {
    FileDescription file = task.files().get(fd);
    try {
      if (!(file instanceof ProcessDescription process)) {
        throw LinuxException.of(Errno.EBADF);
      }
      boolean waits = !file.has(OpenFlags.NON_BLOCKING);
      return new WaitOptions(
          WaitOptions.Selection.PROCESS,
          process.processId(),
          waits ? flags : flags | WaitOptions.WNOHANG);
    } finally {
      file.decRef();
    }
  }

  private static void requireTrue(boolean condition) {
    if (!condition) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static void copyOut(Task task, @Nullable WaitResult result, long address) {
    MemorySegment info = task.scratch(INFO_BYTE_COUNT);
    info.fill((byte) 0);
    if (result != null) {
      info.set(JAVA_INT_UNALIGNED, 0, Signals.SIGCHLD);
      info.set(JAVA_INT_UNALIGNED, 8, result.code());
      info.set(JAVA_INT_UNALIGNED, 16, result.pid());
      info.set(JAVA_INT_UNALIGNED, 20, result.uid());
      info.set(JAVA_INT_UNALIGNED, 24, result.signalStatus());
    }
    task.copyOutFully(address, info);
  }
}
