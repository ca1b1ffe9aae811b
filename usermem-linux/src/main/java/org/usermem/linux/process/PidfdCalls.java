package org.usermem.linux.process;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.linux.file.DescriptorCalls;
import org.usermem.linux.procfs.ProcFileSystem;
import org.usermem.linux.system.LinuxSystem;

/** pidfd_open(2), pidfd_getfd(2) and pidfd_send_signal(2); kernel/pid.c. */
public final class PidfdCalls {
  private PidfdCalls() {}

  /** pidfd_open(pid, flags). */
  public static long open(Task task, SyscallArguments args) {
    int pid = args.asInt(0);
    int flags = args.asInt(1);
    if ((flags & ~OpenFlags.NON_BLOCKING) != 0 || pid <= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Task target = Targets.task(task, pid);
    if (target.threadGroup().leader() != target) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return open(task, target.threadGroup(), flags);
  }

  /** Opens a descriptor of a process. */
  static int open(Task task, ThreadGroup process, int flags) {
    ProcessDescription file =
        ProcessDescription.create(
            LinuxSystem.of(task).vfs().anonymousFiles(),
            process,
            flags,
            task.credentials().forFiles());
    return DescriptorCalls.install(task, file, OpenFlags.CLOSE_ON_EXEC);
  }

  /** pidfd_getfd(pidfd, fd, flags). */
  public static long getfd(Task task, SyscallArguments args) {
    if (args.asInt(2) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Task target = Targets.ofPidfd(task, args.asInt(0)).leader();
    task.relations().checkMayAccess(target, false);
    FileDescription file = target.files().get(args.asInt(1));
    return DescriptorCalls.install(task, file, OpenFlags.CLOSE_ON_EXEC);
  }

  /** pidfd_send_signal(pidfd, sig, info, flags). */
  public static long sendSignal(Task task, SyscallArguments args) {
    if (args.asInt(3) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int pid = signalled(task, args.asInt(0)).id();
    int signo = args.asInt(1);
    if (args.asLong(2) == 0) {
      task.relations().kill(pid, signo);
      return 0;
    }
    MemorySegment bytes = task.scratch(SignalInfo.BYTE_COUNT);
    task.copyInFully(args.asLong(2), bytes);
    SignalInfo info = SignalInfo.decode(bytes);
    if (info.signo() != signo) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.relations().queue(pid, info);
    return 0;
  }

  /** A pidfd, or for this call alone a descriptor of /proc/PID ({@code pidfd_to_pid}). */
  private static ThreadGroup signalled(Task task, int fd) {
    FileDescription file = task.files().get(fd);
    try {
      ThreadGroup named = ProcFileSystem.processOf(file.inode());
      ThreadGroup process = named == null ? Targets.ofPidfd(file) : named;
      if (!process.equals(task.kernel().process(process.id()))) {
        // Somebody has waited for it, and its number may be another's.
        throw LinuxException.of(Errno.ESRCH);
      }
      return process;
    } finally {
      file.decRef();
    }
  }
}
