package org.usermem.platform.stub;

import static org.usermem.platform.stub.SeccompProgram.POINTER_LOW;
import static org.usermem.platform.stub.SeccompProgram.argumentHigh;
import static org.usermem.platform.stub.SeccompProgram.argumentLow;

import org.usermem.platform.host.SystemCall;

/**
 * The seccomp filter of a stub process: what it may ask of the host, and from where.
 *
 * <p>A call is allowed if it is one that the platform injects, with the arguments that it injects,
 * from the instruction that it injects it at. Any other raises SIGSYS, which the platform serves as
 * a system call of the guest: it is what a call through the vsyscall page becomes, which no tracer
 * sees.
 */
final class StubFilter {

  static final int ALLOW = 0x7fff_0000;
  static final int TRAP = 0x0003_0000;
  private static final int AUDIT_ARCH_X86_64 = 0xc000_003e;

  private static final int MAP_SHARED_FIXED = 0x11;
  private static final int MAP_POPULATE = 0x8000;
  private static final int PROTECTION_BITS = 7;
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;

  private static final String DENY = "deny";
  private static final String PERMIT = "permit";
  private static final String MAP = "map";

  private StubFilter() {}

  /** Makes the filter of a process of a flavour. */
  static SeccompProgram program(StubFlavor flavor) {
    boolean trapped = flavor == StubFlavor.TRAPPED;
    SeccompProgram program = new SeccompProgram();
    loadPointer(program);
    if (trapped) {
      program
          .ifEqual(at(StubLayout.SIGRETURN_RETURN_OFFSET), "sigreturn")
          .ifEqual(at(StubLayout.WAIT_RETURN_OFFSET), "futex")
          .ifEqual(at(StubLayout.WAKE_RETURN_OFFSET), "futex")
          .ifEqual(at(StubLayout.EXIT_RETURN_OFFSET), "exit");
    }
    program
        .ifEqual(at(StubLayout.INJECT_RETURN_OFFSET), "inject")
        .ifEqual(at(StubLayout.BATCH_RETURN_OFFSET), "batch")
        .ifEqual(at(StubLayout.CLONE_RETURN_OFFSET), "clone")
        .unlessEqual(at(StubLayout.PARK_RETURN_OFFSET), DENY);
    permitOnly(program, SystemCall.PAUSE);
    if (trapped) {
      permitWaiting(program);
    }
    program.label("clone").load(SeccompProgram.NUMBER).unlessEqual(SystemCall.CLONE, DENY);
    program
        .load(argumentLow(0))
        .ifEqual(StubProcess.THREAD_FLAGS, PERMIT)
        .ifEqual(StubProcess.PROCESS_FLAGS, PERMIT)
        .go(DENY);
    permitInjected(program, trapped);
    program.label(PERMIT).end(ALLOW);
    program.label(DENY).end(TRAP);
    return program;
  }

  /**
   * Makes the filter that guest threads of the trapped flavour have on top: they may wait for the
   * sentry, wake it, go back to the guest, and end.
   *
   * <p>A guest that jumps to these instructions can do no more than make its own thread wait, wake
   * threads that look again whether they should, and set its own registers.
   */
  static SeccompProgram guestProgram() {
    SeccompProgram program = new SeccompProgram();
    loadPointer(program);
    program
        .ifEqual(at(StubLayout.SIGRETURN_RETURN_OFFSET), "sigreturn")
        .ifEqual(at(StubLayout.WAIT_RETURN_OFFSET), "futex")
        .ifEqual(at(StubLayout.WAKE_RETURN_OFFSET), "futex")
        .unlessEqual(at(StubLayout.EXIT_RETURN_OFFSET), DENY);
    program.go("exit");
    permitWaiting(program);
    program.label(PERMIT).end(ALLOW);
    program.label(DENY).end(TRAP);
    return program;
  }

  private static void loadPointer(SeccompProgram program) {
    program.load(SeccompProgram.ARCHITECTURE).unlessEqual(AUDIT_ARCH_X86_64, DENY);
    program
        .load(SeccompProgram.POINTER_HIGH)
        .unlessEqual((int) (StubLayout.CODE >>> 32), DENY)
        .load(POINTER_LOW);
  }

  private static void permitWaiting(SeccompProgram program) {
    permitOnly(program.label("sigreturn"), SystemCall.RT_SIGRETURN);
    permitOnly(program.label("exit"), SystemCall.EXIT);
    program.label("futex").load(SeccompProgram.NUMBER).unlessEqual(SystemCall.FUTEX, DENY);
    program.load(argumentLow(1)).ifEqual(FUTEX_WAIT, PERMIT).ifEqual(FUTEX_WAKE, PERMIT).go(DENY);
  }

  private static void permitInjected(SeccompProgram program, boolean trapped) {
    program.label("inject").load(SeccompProgram.NUMBER);
    program.ifEqual(SystemCall.MMAP, MAP);
    program.ifEqual(SystemCall.MUNMAP, PERMIT).ifEqual(SystemCall.EXIT, PERMIT);
    if (trapped) {
      program
          .ifEqual(SystemCall.SIGALTSTACK, PERMIT)
          .ifEqual(SystemCall.SET_TID_ADDRESS, PERMIT)
          .ifEqual(SystemCall.SECCOMP, PERMIT);
    }
    program.go(DENY);
    program.label("batch").load(SeccompProgram.NUMBER).unlessEqual(SystemCall.MMAP, DENY);
    program.label(MAP);
    program.load(argumentHigh(2)).unlessEqual(0, DENY);
    program.load(argumentLow(2)).and(~PROTECTION_BITS).unlessEqual(0, DENY);
    program.load(argumentHigh(3)).unlessEqual(0, DENY);
    program.load(argumentLow(3)).and(~MAP_POPULATE).unlessEqual(MAP_SHARED_FIXED, DENY);
    program.load(argumentHigh(4)).unlessEqual(0, DENY);
    program.load(argumentLow(4)).unlessEqual(StubLayout.MEMORY_FILE_DESCRIPTOR, DENY);
  }

  private static void permitOnly(SeccompProgram program, int number) {
    program.load(SeccompProgram.NUMBER).ifEqual(number, PERMIT).go(DENY);
  }

  private static int at(int offset) {
    return (int) (StubLayout.CODE + offset);
  }
}
