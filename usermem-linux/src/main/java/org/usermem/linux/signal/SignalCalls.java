package org.usermem.linux.signal;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.TaskSignals;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.time.ClockCalls;

/** Signal actions, masks, sending and waiting; kernel/signal.c. */
public final class SignalCalls {
  private static final int ACTION_BYTE_COUNT = 32;
  private static final int SET_BYTE_COUNT = 8;

  private static final int SIG_BLOCK = 0;
  private static final int SIG_UNBLOCK = 1;
  private static final int SIG_SETMASK = 2;

  /**
   * What sigaction(2) keeps of the flags; others a program can tell are not known (SA_UNSUPPORTED).
   */
  private static final long KNOWN_FLAGS =
      SignalAction.SA_NOCLDSTOP
          | SignalAction.SA_NOCLDWAIT
          | SignalAction.SA_SIGINFO
          | SignalAction.SA_RESTORER
          | SignalAction.SA_ONSTACK
          | SignalAction.SA_RESTART
          | SignalAction.SA_NODEFER
          | SignalAction.SA_RESETHAND
          | 0x800L;

  private SignalCalls() {}

  private static void requireSetSize(long byteCount) {
    if (byteCount != SET_BYTE_COUNT) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  /** rt_sigaction(sig, act, oact, sigsetsize). */
  public static long sigaction(Task task, SyscallArguments args) {
    requireSetSize(args.asLong(3));
    int signo = args.asInt(0);
    SignalAction before;
    if (args.asLong(1) != 0) {
      MemorySegment struct = task.scratch(ACTION_BYTE_COUNT);
      task.copyInFully(args.asLong(1), struct);
      SignalAction action =
          new SignalAction(
              struct.get(JAVA_LONG_UNALIGNED, 0),
              struct.get(JAVA_LONG_UNALIGNED, 8) & KNOWN_FLAGS,
              struct.get(JAVA_LONG_UNALIGNED, 16),
              struct.get(JAVA_LONG_UNALIGNED, 24));
      before = task.signals().setAction(signo, action);
    } else {
      before = task.signals().action(signo);
    }
    if (args.asLong(2) != 0) {
      MemorySegment struct = task.scratch(ACTION_BYTE_COUNT);
      struct.set(JAVA_LONG_UNALIGNED, 0, before.handler());
      struct.set(JAVA_LONG_UNALIGNED, 8, before.flags());
      struct.set(JAVA_LONG_UNALIGNED, 16, before.restorer());
      struct.set(JAVA_LONG_UNALIGNED, 24, before.mask());
      task.copyOutFully(args.asLong(2), struct);
    }
    return 0;
  }

  /** rt_sigprocmask(how, nset, oset, sigsetsize). */
  public static long sigprocmask(Task task, SyscallArguments args) {
    requireSetSize(args.asLong(3));
    TaskSignals signals = task.signals();
    long before = signals.mask();
    if (args.asLong(1) != 0) {
      long set = task.copyInLong(args.asLong(1));
      switch (args.asInt(0)) {
        case SIG_BLOCK -> signals.setMask(before | set);
        case SIG_UNBLOCK -> signals.setMask(before & ~set);
        case SIG_SETMASK -> signals.setMask(set);
        default -> throw LinuxException.of(Errno.EINVAL);
      }
    }
    if (args.asLong(2) != 0) {
      task.copyOutLong(args.asLong(2), before);
    }
    return 0;
  }

  /** rt_sigpending(uset, sigsetsize). */
  public static long sigpending(Task task, SyscallArguments args) {
    if (Long.compareUnsigned(args.asLong(1), SET_BYTE_COUNT) > 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    MemorySegment set = task.scratch(SET_BYTE_COUNT);
    set.set(JAVA_LONG_UNALIGNED, 0, task.signals().pendingSet() & task.signals().mask());
    task.copyOutFully(args.asLong(0), set.asSlice(0, args.asLong(1)));
    return 0;
  }

  /** rt_sigsuspend(unewset, sigsetsize). */
  public static long sigsuspend(Task task, SyscallArguments args) {
    requireSetSize(args.asLong(1));
    task.signals().setMaskUntilReturn(task.copyInLong(args.asLong(0)));
    return task.blocking().pause();
  }

  /** pause(). */
  public static long pause(Task task) {
    return task.blocking().pause();
  }

  /** rt_sigtimedwait(uthese, uinfo, uts, sigsetsize). */
  public static long sigtimedwait(Task task, SyscallArguments args) {
    requireSetSize(args.asLong(3));
    long set = task.copyInLong(args.asLong(0));
    long deadline = Clocks.NEVER;
    if (args.asLong(2) != 0) {
      long nanos = ClockCalls.copyInNanos(task, args.asLong(2));
      deadline = nanos == 0 ? Long.MIN_VALUE : Clocks.deadlineAfter(nanos);
    }
    SignalInfo info = task.signals().await(set, deadline);
    if (args.asLong(1) != 0) {
      MemorySegment struct = task.scratch(SignalInfo.BYTE_COUNT);
      info.encode(struct);
      task.copyOutFully(args.asLong(1), struct);
    }
    return info.signo();
  }

  /** kill(pid, sig). */
  public static long kill(Task task, SyscallArguments args) {
    task.relations().kill(args.asInt(0), args.asInt(1));
    return 0;
  }

  /** tkill(pid, sig). */
  public static long tkill(Task task, SyscallArguments args) {
    if (args.asInt(0) <= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.relations().killTask(0, args.asInt(0), args.asInt(1));
    return 0;
  }

  /** tgkill(tgid, pid, sig). */
  public static long tgkill(Task task, SyscallArguments args) {
    if (args.asInt(0) <= 0 || args.asInt(1) <= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.relations().killTask(args.asInt(0), args.asInt(1), args.asInt(2));
    return 0;
  }

  /** rt_sigqueueinfo(pid, sig, uinfo). */
  public static long sigqueueinfo(Task task, SyscallArguments args) {
    task.relations().queue(args.asInt(0), copyInInfo(task, args.asLong(2), args.asInt(1)));
    return 0;
  }

  /** rt_tgsigqueueinfo(tgid, pid, sig, uinfo). */
  public static long tgsigqueueinfo(Task task, SyscallArguments args) {
    if (args.asInt(0) <= 0 || args.asInt(1) <= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    SignalInfo info = copyInInfo(task, args.asLong(3), args.asInt(2));
    task.relations().queueTask(args.asInt(0), args.asInt(1), info);
    return 0;
  }

  private static SignalInfo copyInInfo(Task task, long address, int signo) {
    MemorySegment struct = task.scratch(SignalInfo.BYTE_COUNT);
    task.copyInFully(address, struct);
    return SignalInfo.decode(struct).withSigno(signo);
  }
}
