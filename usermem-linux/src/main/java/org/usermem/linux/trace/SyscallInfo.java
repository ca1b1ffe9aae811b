package org.usermem.linux.trace;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.kernel.Task;
import org.usermem.kernel.Tracee;
import org.usermem.platform.Registers;

/** {@code struct ptrace_syscall_info}: PTRACE_GET_SYSCALL_INFO. */
final class SyscallInfo {
  private static final int BYTE_COUNT = 88;
  private static final int ARCHITECTURE_AT = 4;
  private static final int INSTRUCTION_AT = 8;
  private static final int STACK_AT = 16;
  private static final int CALL_AT = 24;

  private static final int NONE_BYTE_COUNT = 24;
  private static final int ENTRY_BYTE_COUNT = 80;
  private static final int EXIT_BYTE_COUNT = 33;
  private static final int SECCOMP_BYTE_COUNT = 84;

  private static final long LARGEST_ERRNO = 4095;

  private SyscallInfo() {}

  /**
   * Copies the structure out, cut to the room that there is.
   *
   * @return how long it is
   */
  static long get(Task task, Tracee tracee, long room, long address) {
    Tracee.SyscallStop stop = tracee.syscallStop();
    Registers registers = new Registers();
    tracee.copyRegisters(registers);
    MemorySegment info = task.scratch(BYTE_COUNT);
    info.fill((byte) 0);
    info.set(JAVA_BYTE, 0, kind(stop));
    info.set(JAVA_INT_UNALIGNED, ARCHITECTURE_AT, task.kernel().architecture().auditNumber());
    info.set(JAVA_LONG_UNALIGNED, INSTRUCTION_AT, registers.rip());
    info.set(JAVA_LONG_UNALIGNED, STACK_AT, registers.rsp());
    int byteCount =
        switch (stop) {
          case NONE -> NONE_BYTE_COUNT;
          case ENTRY -> entry(registers, info);
          case EXIT -> exit(registers, info);
          case SECCOMP -> {
            entry(registers, info);
            info.set(JAVA_INT_UNALIGNED, ENTRY_BYTE_COUNT, (int) tracee.eventMessage());
            yield SECCOMP_BYTE_COUNT;
          }
        };
    long copied = Long.compareUnsigned(room, byteCount) < 0 ? room : byteCount;
    task.copyOutFully(address, info.asSlice(0, copied));
    return byteCount;
  }

  /** PTRACE_SYSCALL_INFO_*. */
  private static byte kind(Tracee.SyscallStop stop) {
    return switch (stop) {
      case NONE -> 0;
      case ENTRY -> 1;
      case EXIT -> 2;
      case SECCOMP -> 3;
    };
  }

  private static int entry(Registers registers, MemorySegment info) {
    int number = (int) registers.origRax();
    info.set(JAVA_LONG_UNALIGNED, CALL_AT, number);
    for (int i = 0; i < 6; i++) {
      info.set(JAVA_LONG_UNALIGNED, CALL_AT + 8 + 8L * i, registers.argument(i));
    }
    return ENTRY_BYTE_COUNT;
  }

  private static int exit(Registers registers, MemorySegment info) {
    long result = registers.rax();
    boolean isError = Long.compareUnsigned(result, -LARGEST_ERRNO) >= 0;
    info.set(JAVA_LONG_UNALIGNED, CALL_AT, result);
    info.set(JAVA_BYTE, CALL_AT + 8, (byte) (isError ? 1 : 0));
    return EXIT_BYTE_COUNT;
  }
}
