package org.usermem.linux.process;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallFilter;
import org.usermem.kernel.Task;
import org.usermem.kernel.identity.CapabilitySets;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.linux.seccomp.SeccompCalls;
import org.usermem.platform.Registers;

/** prctl(2), arch_prctl(2) and personality(2); kernel/sys.c, arch/x86/kernel/process_64.c. */
public final class PrctlCalls {
  private static final int PR_SET_PDEATHSIG = 1;
  private static final int PR_GET_PDEATHSIG = 2;
  private static final int PR_GET_DUMPABLE = 3;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_GET_KEEPCAPS = 7;
  private static final int PR_SET_KEEPCAPS = 8;
  private static final int PR_GET_TIMING = 13;
  private static final int PR_SET_TIMING = 14;
  private static final int PR_SET_NAME = 15;
  private static final int PR_GET_NAME = 16;
  private static final int PR_GET_SECCOMP = 21;
  private static final int PR_SET_SECCOMP = 22;
  private static final int PR_CAPBSET_READ = 23;
  private static final int PR_CAPBSET_DROP = 24;
  private static final int PR_GET_TSC = 25;
  private static final int PR_SET_TSC = 26;
  private static final int PR_GET_SECUREBITS = 27;
  private static final int PR_SET_SECUREBITS = 28;
  private static final int PR_SET_TIMERSLACK = 29;
  private static final int PR_GET_TIMERSLACK = 30;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int PR_GET_CHILD_SUBREAPER = 37;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_GET_NO_NEW_PRIVS = 39;
  private static final int PR_GET_TID_ADDRESS = 40;
  private static final int PR_SET_THP_DISABLE = 41;
  private static final int PR_GET_THP_DISABLE = 42;
  private static final int PR_CAP_AMBIENT = 47;
  private static final int PR_SET_VMA = 0x53564d41;
  private static final int PR_SET_MM = 35;
  private static final int PR_SET_PTRACER = 0x59616d61;

  private static final int PR_CAP_AMBIENT_IS_SET = 1;
  private static final int PR_CAP_AMBIENT_RAISE = 2;
  private static final int PR_CAP_AMBIENT_LOWER = 3;
  private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

  private static final int ARCH_SET_GS = 0x1001;
  private static final int ARCH_SET_FS = 0x1002;
  private static final int ARCH_GET_FS = 0x1003;
  private static final int ARCH_GET_GS = 0x1004;
  private static final int ARCH_GET_CPUID = 0x1011;

  private static final int NAME_BYTE_COUNT = 16;
  private static final int VMA_NAME_BYTE_COUNT = 80;
  private static final int ALL_SECUREBITS = 0xff;
  private static final int SECUREBIT_LOCKS = 0xaa;
  private static final int KEEP_CAPABILITIES_LOCKED = 1 << 5;
  private static final int NO_AMBIENT_RAISE = 1 << 6;
  private static final int CAPABILITY_COUNT = Capability.values().length;

  private PrctlCalls() {}

  /** prctl(option, arg2, arg3, arg4, arg5). */
  public static long prctl(Task task, SyscallArguments args) {
    long value = args.asLong(1);
    return switch (args.asInt(0)) {
      case PR_SET_PDEATHSIG -> done(() -> task.relations().setParentDeathSignal((int) value));
      case PR_GET_PDEATHSIG ->
          done(() -> task.copyOutInt(value, task.relations().parentDeathSignal()));
      case PR_GET_DUMPABLE -> task.parts().isDumpable() ? 1 : 0;
      case PR_SET_DUMPABLE -> {
        requireBoolean(value);
        yield done(() -> task.parts().setDumpable(value != 0));
      }
      case PR_SET_NAME -> done(() -> setName(task, value));
      case PR_GET_NAME -> done(() -> getName(task, value));
      case PR_GET_SECCOMP -> {
        SyscallFilter filter = task.parts().syscallFilter();
        yield filter == null ? 0 : filter.mode();
      }
      case PR_SET_SECCOMP -> SeccompCalls.set(task, args.asLong(1), args.asLong(2));
      case PR_GET_TIMING -> 0;
      case PR_SET_TIMING -> {
        requireTrue(value == 0);
        yield 0;
      }
      // Huge pages are the host's business.
      case PR_GET_THP_DISABLE -> {
        requireTrue(value == 0 && othersAreZero(args));
        yield 0;
      }
      case PR_SET_THP_DISABLE -> {
        requireTrue(othersAreZero(args));
        yield 0;
      }
      case PR_SET_PTRACER -> done(() -> setTracer(task, (int) value));
      case PR_GET_TSC -> done(() -> task.copyOutInt(value, 1));
      case PR_SET_TSC -> {
        requireTrue(value == 1);
        yield 0;
      }
      case PR_SET_TIMERSLACK -> done(() -> setTimerSlack(task, value));
      case PR_GET_TIMERSLACK -> task.parts().scheduling().timerSlackNanos();
      case PR_SET_CHILD_SUBREAPER -> done(() -> task.threadGroup().setSubreaper(value != 0));
      case PR_GET_CHILD_SUBREAPER ->
          done(() -> task.copyOutInt(value, task.threadGroup().isSubreaper() ? 1 : 0));
      case PR_SET_NO_NEW_PRIVS -> {
        requireTrue(value == 1 && othersAreZero(args));
        yield done(() -> task.parts().setNoNewPrivileges());
      }
      case PR_GET_NO_NEW_PRIVS -> {
        requireTrue(value == 0 && othersAreZero(args));
        yield task.parts().hasNoNewPrivileges() ? 1 : 0;
      }
      case PR_GET_TID_ADDRESS ->
          done(() -> task.copyOutLong(value, task.parts().clearChildTidAddr()));
      case PR_SET_VMA -> setAreaName(task, args);
      case PR_SET_MM -> {
        // No field of the address space can be changed, whatever the caller may.
        boolean privileged = task.credentials().has(Capability.SYS_RESOURCE);
        throw LinuxException.of(privileged ? Errno.EINVAL : Errno.EPERM);
      }
      default -> capabilities(task, args, value);
    };
  }

  private static long done(Runnable action) {
    action.run();
    return 0;
  }

  private static void requireTrue(boolean condition) {
    if (!condition) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static void requireBoolean(long value) {
    requireTrue(value == 0 || value == 1);
  }

  private static boolean othersAreZero(SyscallArguments args) {
    return args.asLong(2) == 0 && args.asLong(3) == 0 && args.asLong(4) == 0;
  }

  /** Yama lets everybody trace (ptrace_scope 0), so it is enough that there is such a process. */
  private static void setTracer(Task task, int pid) {
    requireTrue(pid == 0 || pid == -1 || task.kernel().task(pid) != null);
  }

  private static void setName(Task task, long address) {
    byte[] name = new byte[NAME_BYTE_COUNT];
    int length = 0;
    // Like strncpy_from_user: what follows the NUL need not be there.
    while (length < NAME_BYTE_COUNT - 1) {
      task.copyInFully(address + length, MemorySegment.ofArray(name).asSlice(length, 1));
      if (name[length] == 0) {
        break;
      }
      length++;
    }
    task.parts().setName(new String(name, 0, length, StandardCharsets.ISO_8859_1));
  }

  private static void getName(Task task, long address) {
    MemorySegment name = task.scratch(NAME_BYTE_COUNT);
    name.fill((byte) 0);
    byte[] bytes = task.parts().name().getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, name, 0, bytes.length);
    task.copyOutFully(address, name);
  }

  private static void setTimerSlack(Task task, long value) {
    task.parts().setScheduling(task.parts().scheduling().withTimerSlack(value));
  }

  /** PR_SET_VMA with PR_SET_VMA_ANON_NAME. */
  private static long setAreaName(Task task, SyscallArguments args) {
    requireTrue(args.asLong(1) == 0);
    String name = null;
    if (args.asLong(4) != 0) {
      try {
        name = task.copyInString(args.asLong(4), VMA_NAME_BYTE_COUNT);
      } catch (LinuxException e) {
        throw e.errno() == Errno.ENAMETOOLONG ? LinuxException.of(Errno.EINVAL) : e;
      }
    }
    task.memoryManager().setName(args.asLong(2), args.asLong(3), name);
    return 0;
  }

  private static long capabilities(Task task, SyscallArguments args, long value) {
    TaskCredentials credentials = task.credentials();
    CapabilitySets sets = credentials.capabilities();
    return switch (args.asInt(0)) {
      case PR_GET_KEEPCAPS ->
          (credentials.securebits() & TaskCredentials.KEEP_CAPABILITIES) != 0 ? 1 : 0;
      case PR_SET_KEEPCAPS -> {
        requireBoolean(value);
        requirePermitted((credentials.securebits() & KEEP_CAPABILITIES_LOCKED) == 0);
        int kept = credentials.securebits() & ~TaskCredentials.KEEP_CAPABILITIES;
        int bit = value != 0 ? TaskCredentials.KEEP_CAPABILITIES : 0;
        yield done(() -> task.setCredentials(credentials.withSecurebits(kept | bit)));
      }
      case PR_GET_SECUREBITS -> credentials.securebits();
      case PR_SET_SECUREBITS -> {
        requireCapability(credentials);
        int before = credentials.securebits();
        int locked = before & SECUREBIT_LOCKS;
        requirePermitted(
            (value & ~ALL_SECUREBITS) == 0
                && ((locked >> 1) & (before ^ value)) == 0
                && (locked & ~value) == 0);
        yield done(() -> task.setCredentials(credentials.withSecurebits((int) value)));
      }
      case PR_CAPBSET_READ -> {
        requireTrue(value >= 0 && value < CAPABILITY_COUNT);
        yield sets.bounding() >>> value & 1;
      }
      case PR_CAPBSET_DROP -> {
        requireCapability(credentials);
        requireTrue(value >= 0 && value < CAPABILITY_COUNT);
        CapabilitySets fewer =
            new CapabilitySets(
                sets.permitted(),
                sets.inheritable(),
                sets.effective(),
                sets.bounding() & ~(1L << value),
                sets.ambient());
        yield done(() -> task.setCredentials(credentials.withCapabilities(fewer)));
      }
      case PR_CAP_AMBIENT -> {
        requireTrue(args.asLong(3) == 0 && args.asLong(4) == 0);
        yield ambient(task, sets, (int) value, args.asLong(2));
      }
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }

  private static void requireCapability(TaskCredentials credentials) {
    requirePermitted(credentials.has(Capability.SETPCAP));
  }

  private static void requirePermitted(boolean condition) {
    if (!condition) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  private static long ambient(Task task, CapabilitySets sets, int operation, long capability) {
    if (operation == PR_CAP_AMBIENT_CLEAR_ALL) {
      requireTrue(capability == 0);
      setAmbient(task, sets, 0);
      return 0;
    }
    requireTrue(capability >= 0 && capability < CAPABILITY_COUNT);
    long bit = 1L << capability;
    switch (operation) {
      case PR_CAP_AMBIENT_IS_SET -> {
        return (sets.ambient() & bit) != 0 ? 1 : 0;
      }
      case PR_CAP_AMBIENT_RAISE -> {
        requirePermitted(
            (sets.permitted() & sets.inheritable() & bit) != 0
                && (task.credentials().securebits() & NO_AMBIENT_RAISE) == 0);
        setAmbient(task, sets, sets.ambient() | bit);
      }
      case PR_CAP_AMBIENT_LOWER -> setAmbient(task, sets, sets.ambient() & ~bit);
      default -> throw LinuxException.of(Errno.EINVAL);
    }
    return 0;
  }

  private static void setAmbient(Task task, CapabilitySets sets, long ambient) {
    CapabilitySets changed =
        new CapabilitySets(
            sets.permitted(), sets.inheritable(), sets.effective(), sets.bounding(), ambient);
    task.setCredentials(task.credentials().withCapabilities(changed));
  }

  /** arch_prctl(option, arg2). */
  public static long archPrctl(Task task, SyscallArguments args) {
    Registers registers = task.registers();
    long address = args.asLong(1);
    switch (args.asInt(0)) {
      case ARCH_SET_FS -> {
        requireUserAddress(task, address);
        registers.setFsBase(address);
      }
      case ARCH_SET_GS -> {
        requireUserAddress(task, address);
        registers.setGsBase(address);
      }
      case ARCH_GET_FS -> task.copyOutLong(address, registers.fsBase());
      case ARCH_GET_GS -> task.copyOutLong(address, registers.gsBase());
      case ARCH_GET_CPUID -> {
        return 1;
      }
      default -> throw LinuxException.of(Errno.EINVAL);
    }
    return 0;
  }

  /** An address that the base of a segment may be: EPERM beyond the program's addresses. */
  static void requireUserAddress(Task task, long address) {
    if (!Addr.lessThan(address, task.memoryManager().layout().maxAddress())) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  /** personality(personality). */
  public static long personality(Task task, SyscallArguments args) {
    long before = task.parts().personality();
    long wanted = args.asUnsignedInt(0);
    if (wanted != 0xffff_ffffL) {
      task.parts().setPersonality(wanted);
    }
    return before;
  }
}
