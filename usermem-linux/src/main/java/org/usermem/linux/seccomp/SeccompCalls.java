package org.usermem.linux.seccomp;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallFilter;
import org.usermem.kernel.Task;

/** seccomp(2), and prctl(2) with PR_SET_SECCOMP; kernel/seccomp.c. */
public final class SeccompCalls {
  private static final int SET_MODE_STRICT = 0;
  private static final int SET_MODE_FILTER = 1;
  private static final int GET_ACTION_AVAILABLE = 2;

  private static final int MODE_STRICT = 1;
  private static final int MODE_FILTER = 2;

  private static final int FLAG_TSYNC = 1;
  private static final int FLAG_LOG = 2;
  private static final int FLAG_SPECULATION_ALLOWED = 4;
  private static final int FLAG_TSYNC_ESRCH = 16;
  private static final int KNOWN_FLAGS =
      FLAG_TSYNC | FLAG_LOG | FLAG_SPECULATION_ALLOWED | FLAG_TSYNC_ESRCH;

  private static final int SOCK_FPROG = 16;
  private static final int MAXIMUM_WEIGHT = (1 << 18) / BpfProgram.INSTRUCTION_BYTE_COUNT;

  private SeccompCalls() {}

  /** seccomp(op, flags, uargs). */
  public static long seccomp(Task task, SyscallArguments args) {
    int flags = args.asInt(1);
    long address = args.asLong(2);
    return switch (args.asInt(0)) {
      case SET_MODE_STRICT -> {
        if (flags != 0 || address != 0) {
          throw LinuxException.of(Errno.EINVAL);
        }
        yield setStrict(task);
      }
      case SET_MODE_FILTER -> setFilter(task, flags, address);
      case GET_ACTION_AVAILABLE -> {
        if (flags != 0) {
          throw LinuxException.of(Errno.EINVAL);
        }
        yield requireAvailable(task.copyInInt(address));
      }
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }

  /** prctl(PR_SET_SECCOMP, mode, filter). */
  public static long set(Task task, long mode, long address) {
    if (mode == MODE_STRICT) {
      return setStrict(task);
    }
    if (mode == MODE_FILTER) {
      return setFilter(task, 0, address);
    }
    throw LinuxException.of(Errno.EINVAL);
  }

  private static long requireAvailable(int action) {
    return switch (action) {
      case FilterChain.KILL_PROCESS,
          FilterChain.KILL_THREAD,
          FilterChain.TRAP,
          FilterChain.ERRNO,
          FilterChain.TRACE,
          FilterChain.LOG,
          FilterChain.ALLOW ->
          0;
      default -> throw LinuxException.of(Errno.EOPNOTSUPP);
    };
  }

  private static long setStrict(Task task) {
    SyscallFilter now = task.parts().syscallFilter();
    if (now != null && now.mode() != MODE_STRICT) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.parts().setSyscallFilter(StrictMode.INSTANCE);
    return 0;
  }

  private static long setFilter(Task task, int flags, long address) {
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    BpfProgram program = copyIn(task, address);
    if (!task.parts().hasNoNewPrivileges() && !task.credentials().has(Capability.SYS_ADMIN)) {
      throw LinuxException.of(Errno.EACCES);
    }
    SyscallFilter now = task.parts().syscallFilter();
    if (now != null && now.mode() == MODE_STRICT) {
      throw LinuxException.of(Errno.EINVAL);
    }
    FilterChain chain = FilterChain.of(program, (FilterChain) now);
    if (chain.weight() > MAXIMUM_WEIGHT) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    if ((flags & FLAG_TSYNC) != 0) {
      Task other = otherThatDiffers(task, now);
      if (other != null) {
        if ((flags & FLAG_TSYNC_ESRCH) != 0) {
          throw LinuxException.of(Errno.ESRCH);
        }
        return other.tid();
      }
      boolean secure = task.parts().hasNoNewPrivileges();
      for (Task each : task.threadGroup().tasks()) {
        each.parts().setSyscallFilter(chain);
        if (secure) {
          each.parts().setNoNewPrivileges();
        }
      }
      return 0;
    }
    task.parts().setSyscallFilter(chain);
    return 0;
  }

  /** A thread whose filters are not an earlier state of the caller's ({@code can_sync_threads}). */
  private static @Nullable Task otherThatDiffers(Task task, @Nullable SyscallFilter now) {
    for (Task each : task.threadGroup().tasks()) {
      SyscallFilter others = each.parts().syscallFilter();
      boolean isEarlier =
          others == null || (now instanceof FilterChain chain && chain.descendsFrom(others));
      if (!each.equals(task) && !isEarlier) {
        return each;
      }
    }
    return null;
  }

  private static BpfProgram copyIn(Task task, long address) {
    MemorySegment header = task.scratch(SOCK_FPROG);
    task.copyInFully(address, header);
    int length = Short.toUnsignedInt(header.get(JAVA_SHORT_UNALIGNED, 0));
    long instructions = header.get(JAVA_LONG_UNALIGNED, 8);
    if (length == 0 || length > BpfProgram.MAXIMUM_LENGTH) {
      throw LinuxException.of(Errno.EINVAL);
    }
    MemorySegment program = task.scratch((long) length * BpfProgram.INSTRUCTION_BYTE_COUNT);
    task.copyInFully(instructions, program);
    return BpfProgram.decode(program);
  }
}
