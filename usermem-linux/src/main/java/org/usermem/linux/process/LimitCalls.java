package org.usermem.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceLimit;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.abi.Timespec;

/** getrlimit(2), setrlimit(2), prlimit64(2), getrusage(2) and times(2); kernel/sys.c. */
public final class LimitCalls {
  private static final int RLIMIT_BYTE_COUNT = 16;
  private static final int RUSAGE_BYTE_COUNT = 144;
  private static final int RUSAGE_SELF = 0;
  private static final int RUSAGE_CHILDREN = -1;
  private static final int RUSAGE_THREAD = 1;

  private LimitCalls() {}

  private static Resource resource(int number) {
    Resource resource = Resource.of(number);
    if (resource == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return resource;
  }

  /** getrlimit(resource, rlim). */
  public static long getrlimit(Task task, SyscallArguments args) {
    ResourceLimit limit = task.threadGroup().limits().get(resource(args.asInt(0)));
    copyOut(task, limit, args.asLong(1));
    return 0;
  }

  /** setrlimit(resource, rlim). */
  public static long setrlimit(Task task, SyscallArguments args) {
    ResourceLimit limit = copyIn(task, args.asLong(1));
    set(task, task.threadGroup(), resource(args.asInt(0)), limit);
    return 0;
  }

  /** prlimit64(pid, resource, new_rlim, old_rlim). */
  public static long prlimit(Task task, SyscallArguments args) {
    Resource resource = resource(args.asInt(1));
    ResourceLimit limit = args.asLong(2) == 0 ? null : copyIn(task, args.asLong(2));
    int pid = args.asInt(0);
    ThreadGroup target = task.threadGroup();
    if (pid != 0) {
      Task other = Targets.task(task, pid);
      requireSameUser(task, other);
      target = other.threadGroup();
    }
    ResourceLimit before = target.limits().get(resource);
    if (limit != null) {
      set(task, target, resource, limit);
    }
    if (args.asLong(3) != 0) {
      copyOut(task, before, args.asLong(3));
    }
    return 0;
  }

  /** Follows {@code check_prlimit_permission}. */
  private static void requireSameUser(Task task, Task other) {
    int user = task.credentials().users().real();
    int group = task.credentials().groups().real();
    var users = other.credentials().users();
    var groups = other.credentials().groups();
    boolean same =
        user == users.effective()
            && user == users.saved()
            && user == users.real()
            && group == groups.effective()
            && group == groups.saved()
            && group == groups.real();
    boolean itself = task.threadGroup() == other.threadGroup();
    if (!itself && !same && !task.credentials().has(Capability.SYS_RESOURCE)) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  private static void set(Task task, ThreadGroup target, Resource resource, ResourceLimit limit) {
    boolean privileged = task.credentials().has(Capability.SYS_RESOURCE);
    target.limits().set(resource, limit, privileged);
    if (resource == Resource.CPU) {
      target.timers().limitChanged();
    }
  }

  private static ResourceLimit copyIn(Task task, long address) {
    MemorySegment limit = task.scratch(RLIMIT_BYTE_COUNT);
    task.copyInFully(address, limit);
    return new ResourceLimit(limit.get(JAVA_LONG_UNALIGNED, 0), limit.get(JAVA_LONG_UNALIGNED, 8));
  }

  private static void copyOut(Task task, ResourceLimit limit, long address) {
    MemorySegment struct = task.scratch(RLIMIT_BYTE_COUNT);
    struct.set(JAVA_LONG_UNALIGNED, 0, limit.current());
    struct.set(JAVA_LONG_UNALIGNED, 8, limit.maximum());
    task.copyOutFully(address, struct);
  }

  /** getrusage(who, ru). */
  public static long getrusage(Task task, SyscallArguments args) {
    ResourceUsage usage =
        switch (args.asInt(0)) {
          case RUSAGE_SELF -> task.threadGroup().usage();
          case RUSAGE_CHILDREN -> task.threadGroup().childrenUsage();
          case RUSAGE_THREAD -> task.usage();
          default -> throw LinuxException.of(Errno.EINVAL);
        };
    copyOut(task, usage, args.asLong(1));
    return 0;
  }

  /** Writes {@code struct rusage}. */
  static void copyOut(Task task, ResourceUsage usage, long address) {
    MemorySegment struct = task.scratch(RUSAGE_BYTE_COUNT);
    struct.fill((byte) 0);
    Timespec.encodeMicroseconds(usage.userNanos(), struct, 0);
    Timespec.encodeMicroseconds(usage.systemNanos(), struct, 16);
    struct.set(JAVA_LONG_UNALIGNED, 32, usage.maximumResidentBytes() / 1024);
    struct.set(JAVA_LONG_UNALIGNED, 64, usage.minorFaults());
    struct.set(JAVA_LONG_UNALIGNED, 72, usage.majorFaults());
    struct.set(JAVA_LONG_UNALIGNED, 128, usage.voluntarySwitches());
    struct.set(JAVA_LONG_UNALIGNED, 136, usage.involuntarySwitches());
    task.copyOutFully(address, struct);
  }

  /** times(tbuf): clock ticks since some time in the past. */
  public static long times(Task task, SyscallArguments args) {
    long tick = Timespec.NANOSECONDS / 100;
    if (args.asLong(0) != 0) {
      ResourceUsage own = task.threadGroup().usage();
      ResourceUsage children = task.threadGroup().childrenUsage();
      MemorySegment struct = task.scratch(32);
      struct.set(JAVA_LONG_UNALIGNED, 0, own.userNanos() / tick);
      struct.set(JAVA_LONG_UNALIGNED, 8, own.systemNanos() / tick);
      struct.set(JAVA_LONG_UNALIGNED, 16, children.userNanos() / tick);
      struct.set(JAVA_LONG_UNALIGNED, 24, children.systemNanos() / tick);
      task.copyOutFully(args.asLong(0), struct);
    }
    return Clocks.monotonicNanos() / tick;
  }
}
