package org.usermem.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.CloneOptions;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.namespace.Namespaces;
import org.usermem.linux.abi.ExtensibleStruct;
import org.usermem.linux.system.LinuxSystem;

/** fork(2), vfork(2), clone(2), clone3(2) and unshare(2); kernel/fork.c. */
public final class CloneCalls {
  private static final long SIGNAL_BITS = 0xff;
  private static final int ARGS_FIRST_VERSION = 64;
  private static final int ARGS_KNOWN = 88;
  private static final long CLONE_INTO_CGROUP = 0x2_0000_0000L;
  private static final int MAXIMUM_TID_LEVELS = 32;

  private CloneCalls() {}

  /** fork(). */
  public static long fork(Task task) {
    return task.cloneTask(CloneOptions.FORK);
  }

  /** vfork(). */
  public static long vfork(Task task) {
    return task.cloneTask(CloneOptions.VFORK);
  }

  /** clone(flags, newsp, parent_tidptr, child_tidptr, tls). */
  public static long clone(Task task, SyscallArguments args) {
    long flags = args.asUnsignedInt(0);
    long parentTid = args.asLong(2);
    boolean pidfd = (flags & CloneOptions.CLONE_PIDFD) != 0;
    if (pidfd && (flags & (CloneOptions.CLONE_PARENT_SETTID | CloneOptions.CLONE_DETACHED)) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return clone(
        task,
        new CloneOptions(
            flags & ~SIGNAL_BITS,
            (int) (flags & SIGNAL_BITS),
            args.asLong(1),
            args.asLong(4),
            parentTid,
            args.asLong(3),
            pidfd ? parentTid : 0,
            0));
  }

  /** clone3(cl_args, size). */
  public static long clone3(Task task, SyscallArguments args) {
    MemorySegment struct =
        ExtensibleStruct.copyIn(
            task, args.asLong(0), args.asLong(1), ARGS_FIRST_VERSION, ARGS_KNOWN);
    long flags = struct.get(JAVA_LONG_UNALIGNED, 0);
    long pidfd = struct.get(JAVA_LONG_UNALIGNED, 8);
    long childTid = struct.get(JAVA_LONG_UNALIGNED, 16);
    long parentTid = struct.get(JAVA_LONG_UNALIGNED, 24);
    long exitSignal = struct.get(JAVA_LONG_UNALIGNED, 32);
    long stack = struct.get(JAVA_LONG_UNALIGNED, 40);
    long stackSize = struct.get(JAVA_LONG_UNALIGNED, 48);
    long tls = struct.get(JAVA_LONG_UNALIGNED, 56);
    long setTid = struct.get(JAVA_LONG_UNALIGNED, 64);
    long setTidSize = struct.get(JAVA_LONG_UNALIGNED, 72);
    boolean isThread = (flags & (CloneOptions.CLONE_THREAD | CloneOptions.CLONE_PARENT)) != 0;
    boolean clearsHandlers = (flags & CloneOptions.CLONE_CLEAR_SIGHAND) != 0;
    boolean sane =
        (flags & ((SIGNAL_BITS & ~0x80) | CloneOptions.CLONE_DETACHED)) == 0
            && (flags & ~0x3_ffff_ffffL) == 0
            && (exitSignal & ~0x7fL) == 0
            && exitSignal <= 64
            && (stack == 0) == (stackSize == 0)
            && !(isThread && exitSignal != 0)
            && !(clearsHandlers && (flags & CloneOptions.CLONE_SIGHAND) != 0)
            && (flags & CLONE_INTO_CGROUP) == 0
            && Long.compareUnsigned(setTidSize, MAXIMUM_TID_LEVELS) <= 0
            && (setTid == 0) == (setTidSize == 0);
    if (!sane) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int requestedTid = setTid == 0 ? 0 : requestedTid(task, setTid, setTidSize);
    return clone(
        task,
        new CloneOptions(
            flags,
            (int) exitSignal,
            stack == 0 ? 0 : stack + stackSize,
            tls,
            parentTid,
            childTid,
            (flags & CloneOptions.CLONE_PIDFD) != 0 ? pidfd : 0,
            requestedTid));
  }

  private static long clone(Task task, CloneOptions options) {
    if (options.has(CloneOptions.CLONE_SETTLS)) {
      PrctlCalls.requireUserAddress(task, options.threadLocalStorage());
    }
    int tid = task.cloneTask(options);
    if (options.has(CloneOptions.CLONE_PIDFD)) {
      ThreadGroup process = task.kernel().process(tid);
      if (process != null) {
        task.copyOutInt(options.pidfdAddr(), PidfdCalls.open(task, process, 0));
      }
    }
    return tid;
  }

  /** There is one level of process numbers, so one number can be asked for. */
  private static int requestedTid(Task task, long address, long count) {
    if (count > 1) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int tid = task.copyInInt(address);
    if (tid <= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return tid;
  }

  /** unshare(flags). */
  public static long unshare(Task task, SyscallArguments args) {
    long flags = NamespaceCalls.withImplied(args.asLong(0));
    long shared = CloneOptions.CLONE_FS | CloneOptions.CLONE_FILES | CloneOptions.CLONE_SYSVSEM;
    long threads = CloneOptions.CLONE_THREAD | CloneOptions.CLONE_SIGHAND | CloneOptions.CLONE_VM;
    if ((flags & ~(shared | threads | Namespaces.flags())) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if ((flags & threads) != 0 && task.threadGroup().tasks().size() > 1) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.parts().namespaces().check(task.credentials(), flags);
    if ((flags & CloneOptions.CLONE_FS) != 0) {
      task.parts().unshareFsContext();
    }
    if ((flags & CloneOptions.CLONE_FILES) != 0) {
      task.parts().unshareFiles();
    }
    if ((flags & CloneOptions.CLONE_SYSVSEM) != 0) {
      LinuxSystem.of(task).taskEnds(task);
    }
    NamespaceCalls.unshare(task, flags);
    return 0;
  }
}
