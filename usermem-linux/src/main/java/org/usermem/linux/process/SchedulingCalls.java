package org.usermem.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.ProcessGroup;
import org.usermem.kernel.SchedulingAttributes;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.limits.Resource;
import org.usermem.linux.abi.ExtensibleStruct;
import org.usermem.linux.abi.Timespec;

/**
 * How tasks ask to be scheduled: kept, checked and reported; the host schedules.
 * kernel/sched/syscalls.c, kernel/sys.c, block/ioprio.c.
 */
public final class SchedulingCalls {
  private static final int SCHED_FIFO = 1;
  private static final int SCHED_RR = 2;
  private static final int SCHED_BATCH = 3;
  private static final int SCHED_IDLE = 5;
  private static final int SCHED_DEADLINE = 6;

  private static final int ATTRIBUTES_FIRST_VERSION = 48;
  private static final int ATTRIBUTES_BYTE_COUNT = 56;
  private static final int MAXIMUM_REAL_TIME = 99;
  private static final int MAXIMUM_MASK = 64 << 10;

  private static final int IOPRIO_CLASS_RT = 1;
  private static final int IOPRIO_CLASS_IDLE = 3;
  private static final int IOPRIO_LEVELS = 7;

  private static final int PRIO_PROCESS = 0;
  private static final int PRIO_PGRP = 1;
  private static final int PRIO_USER = 2;

  private SchedulingCalls() {}

  private static Task target(Task task, int pid) {
    if (pid < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return pid == 0 ? task : Targets.task(task, pid);
  }

  private static boolean isRealTime(int policy) {
    return policy == SCHED_FIFO || policy == SCHED_RR;
  }

  private static void requireOwner(Task task, Task target) {
    int user = task.credentials().users().effective();
    boolean same =
        user == target.credentials().users().effective()
            || user == target.credentials().users().real();
    if (!same && !task.credentials().has(Capability.SYS_NICE)) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  private static void setPolicy(Task task, Task target, int policy, int priority) {
    int plain = policy & ~SchedulingAttributes.RESET_ON_FORK;
    if (plain < 0 || plain > SCHED_IDLE || plain == 4) {
      throw LinuxException.of(Errno.EINVAL);
    }
    boolean realTime = isRealTime(plain);
    if (realTime ? priority < 1 || priority > MAXIMUM_REAL_TIME : priority != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    requireOwner(task, target);
    long limit = target.threadGroup().limits().current(Resource.RTPRIO);
    boolean privileged = task.credentials().has(Capability.SYS_NICE);
    if (realTime && !privileged && Long.compareUnsigned(priority, limit) > 0) {
      throw LinuxException.of(Errno.EPERM);
    }
    target.parts().setScheduling(target.parts().scheduling().withPolicy(policy, priority));
  }

  /** sched_setscheduler(pid, policy, param). */
  public static long setscheduler(Task task, SyscallArguments args) {
    if (args.asInt(1) < 0 || args.asLong(2) == 0 || args.asInt(0) < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int priority = task.copyInInt(args.asLong(2));
    setPolicy(task, target(task, args.asInt(0)), args.asInt(1), priority);
    return 0;
  }

  /** sched_setparam(pid, param). */
  public static long setparam(Task task, SyscallArguments args) {
    if (args.asLong(1) == 0 || args.asInt(0) < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int priority = task.copyInInt(args.asLong(1));
    Task target = target(task, args.asInt(0));
    setPolicy(task, target, target.parts().scheduling().policy(), priority);
    return 0;
  }

  /** sched_getscheduler(pid). */
  public static long getscheduler(Task task, SyscallArguments args) {
    return target(task, args.asInt(0)).parts().scheduling().policy();
  }

  /** sched_getparam(pid, param). */
  public static long getparam(Task task, SyscallArguments args) {
    if (args.asLong(1) == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.copyOutInt(args.asLong(1), target(task, args.asInt(0)).parts().scheduling().priority());
    return 0;
  }

  /** sched_setattr(pid, attr, flags). */
  public static long setattr(Task task, SyscallArguments args) {
    if (args.asLong(1) == 0 || args.asInt(0) < 0 || args.asInt(2) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    MemorySegment struct = copyInAttributes(task, args.asLong(1));
    int policy = struct.get(JAVA_INT_UNALIGNED, 4);
    int nice = Math.clamp(struct.get(JAVA_INT_UNALIGNED, 16), -20, 19);
    int priority = struct.get(JAVA_INT_UNALIGNED, 20);
    Task target = target(task, args.asInt(0));
    if (policy == SCHED_DEADLINE) {
      // Promises of that kind are not for a guest of the host's scheduler to make.
      throw LinuxException.of(isDeadline(struct) ? Errno.EPERM : Errno.EINVAL);
    }
    setPolicy(task, target, policy, priority);
    if (!isRealTime(policy)) {
      setNice(task, target, nice);
    }
    return 0;
  }

  /** Follows {@code sched_copy_attr}: whoever has another length in mind learns ours. */
  private static MemorySegment copyInAttributes(Task task, long address) {
    long given = Integer.toUnsignedLong(task.copyInInt(address));
    long byteCount = given == 0 ? ATTRIBUTES_FIRST_VERSION : given;
    try {
      return ExtensibleStruct.copyIn(
          task, address, byteCount, ATTRIBUTES_FIRST_VERSION, ATTRIBUTES_BYTE_COUNT);
    } catch (LinuxException e) {
      if (e.errno() == Errno.EFAULT) {
        throw e;
      }
      task.copyOutInt(address, ATTRIBUTES_BYTE_COUNT);
      throw LinuxException.of(Errno.E2BIG);
    }
  }

  /** Follows {@code __checkparam_dl}: a runtime of a microsecond at least, within the deadline. */
  private static boolean isDeadline(MemorySegment attributes) {
    long runtime = attributes.get(JAVA_LONG_UNALIGNED, 24);
    long deadline = attributes.get(JAVA_LONG_UNALIGNED, 32);
    return runtime >= 1024 && deadline >= runtime;
  }

  /** sched_getattr(pid, attr, size, flags). */
  public static long getattr(Task task, SyscallArguments args) {
    long byteCount = args.asUnsignedInt(2);
    if (args.asLong(1) == 0
        || args.asInt(0) < 0
        || byteCount < ATTRIBUTES_FIRST_VERSION
        || byteCount > 4096
        || args.asInt(3) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    SchedulingAttributes attributes = target(task, args.asInt(0)).parts().scheduling();
    int length = (int) Math.min(byteCount, ATTRIBUTES_BYTE_COUNT);
    MemorySegment struct = task.scratch(ATTRIBUTES_BYTE_COUNT);
    struct.fill((byte) 0);
    struct.set(JAVA_INT_UNALIGNED, 0, length);
    struct.set(JAVA_INT_UNALIGNED, 4, attributes.policy() & ~SchedulingAttributes.RESET_ON_FORK);
    boolean resets = (attributes.policy() & SchedulingAttributes.RESET_ON_FORK) != 0;
    struct.set(JAVA_LONG_UNALIGNED, 8, resets ? 1 : 0);
    struct.set(JAVA_INT_UNALIGNED, 16, attributes.nice());
    struct.set(JAVA_INT_UNALIGNED, 20, attributes.priority());
    if (length == ATTRIBUTES_BYTE_COUNT) {
      struct.set(JAVA_INT_UNALIGNED, 52, 1024);
    }
    task.copyOutFully(args.asLong(1), struct.asSlice(0, length));
    return 0;
  }

  /** sched_get_priority_max(policy) and sched_get_priority_min(policy). */
  public static long priorityBound(SyscallArguments args, boolean greatest) {
    int policy = args.asInt(0);
    if (isRealTime(policy)) {
      return greatest ? MAXIMUM_REAL_TIME : 1;
    }
    if (policy == 0 || policy == SCHED_BATCH || policy == SCHED_IDLE || policy == SCHED_DEADLINE) {
      return 0;
    }
    throw LinuxException.of(Errno.EINVAL);
  }

  /** sched_rr_get_interval(pid, interval). */
  public static long rrGetInterval(Task task, SyscallArguments args) {
    int policy = target(task, args.asInt(0)).parts().scheduling().policy();
    long nanos = policy == SCHED_RR ? 100_000_000 : policy == SCHED_FIFO ? 0 : 4_000_000;
    MemorySegment time = task.scratch(Timespec.BYTE_COUNT);
    Timespec.encodeNanoseconds(nanos, time, 0);
    task.copyOutFully(args.asLong(1), time);
    return 0;
  }

  /** sched_setaffinity(pid, len, user_mask_ptr). */
  public static long setaffinity(Task task, SyscallArguments args) {
    int length = (int) Math.min(args.asUnsignedInt(1), MAXIMUM_MASK);
    byte[] mask = new byte[length];
    task.copyInFully(args.asLong(2), MemorySegment.ofArray(mask));
    Task target = args.asInt(0) == 0 ? task : Targets.task(task, args.asInt(0));
    requireOwner(task, target);
    BitSet wanted = BitSet.valueOf(mask);
    wanted.and(SchedulingAttributes.allProcessors(task.kernel().processors()));
    if (wanted.isEmpty()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    target.parts().setAffinity(wanted);
    if (target.equals(task)) {
      RseqCalls.migrate(task);
    }
    return 0;
  }

  /** sched_getaffinity(pid, len, user_mask_ptr). */
  public static long getaffinity(Task task, SyscallArguments args) {
    long length = args.asUnsignedInt(1);
    int processors = task.kernel().processors();
    if (length * 8 < processors || length % 8 != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Task target = args.asInt(0) == 0 ? task : Targets.task(task, args.asInt(0));
    int words = (processors + 63) / 64;
    long[] mask = new long[words];
    long[] used = target.parts().affinity().toLongArray();
    System.arraycopy(used, 0, mask, 0, Math.min(used.length, words));
    task.copyOutFully(args.asLong(2), MemorySegment.ofArray(mask));
    return 8L * words;
  }

  /** getpriority(which, who): 20 less the nice value, so that no result looks like an error. */
  public static long getpriority(Task task, SyscallArguments args) {
    int best = Integer.MAX_VALUE;
    for (Task each : named(task, args)) {
      best = Math.min(best, each.parts().scheduling().nice());
    }
    return 20L - best;
  }

  /** setpriority(which, who, niceval). */
  public static long setpriority(Task task, SyscallArguments args) {
    int nice = Math.clamp(args.asInt(2), -20, 19);
    for (Task each : named(task, args)) {
      requireOwner(task, each);
      setNice(task, each, nice);
    }
    return 0;
  }

  private static void setNice(Task task, Task target, int nice) {
    int now = target.parts().scheduling().nice();
    long limit = target.threadGroup().limits().current(Resource.NICE);
    boolean permitted = limit < 0 || 20 - nice <= limit;
    if (nice < now && !permitted && !task.credentials().has(Capability.SYS_NICE)) {
      throw LinuxException.of(Errno.EACCES);
    }
    target.parts().setScheduling(target.parts().scheduling().withNice(nice));
  }

  private static List<Task> named(Task task, SyscallArguments args) {
    int who = args.asInt(1);
    List<Task> found =
        switch (args.asInt(0)) {
          case PRIO_PROCESS -> List.of(who == 0 ? task : Targets.task(task, who));
          case PRIO_PGRP -> {
            ProcessGroup group =
                who == 0 ? task.threadGroup().processGroup() : task.kernel().processGroup(who);
            yield group == null
                ? List.<Task>of()
                : group.members().stream().map(ThreadGroup::leader).toList();
          }
          case PRIO_USER -> {
            int user = who == 0 ? task.credentials().users().real() : who;
            yield task.kernel().tasksNow().stream()
                .filter(each -> each.credentials().users().real() == user)
                .toList();
          }
          default -> throw LinuxException.of(Errno.EINVAL);
        };
    if (found.isEmpty()) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return found;
  }

  /** ioprio_get(which, who). */
  public static long ioprioGet(Task task, SyscallArguments args) {
    return ioprioTarget(task, args).parts().scheduling().ioPriority();
  }

  /** ioprio_set(which, who, ioprio). */
  public static long ioprioSet(Task task, SyscallArguments args) {
    int priority = args.asInt(2) & 0xffff;
    checkIoPriority(task, priority);
    Task target = ioprioTarget(task, args);
    target.parts().setScheduling(target.parts().scheduling().withIoPriority(priority));
    return 0;
  }

  /** Follows {@code ioprio_check_cap}. */
  private static void checkIoPriority(Task task, int priority) {
    int kind = priority >>> 13;
    boolean isKnown = kind <= IOPRIO_CLASS_IDLE && (kind != 0 || (priority & IOPRIO_LEVELS) == 0);
    if (!isKnown) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (kind == IOPRIO_CLASS_RT
        && !task.credentials().has(Capability.SYS_ADMIN)
        && !task.credentials().has(Capability.SYS_NICE)) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  private static Task ioprioTarget(Task task, SyscallArguments args) {
    int who = args.asInt(1);
    return switch (args.asInt(0)) {
      case 1 -> who == 0 ? task : Targets.task(task, who);
      case 2, 3 -> task;
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }
}
