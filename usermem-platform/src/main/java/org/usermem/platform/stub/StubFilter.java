package org.usermem.platform.stub;

import static org.usermem.platform.stub.SeccompProgram.POINTER_LOW;
import static org.usermem.platform.stub.SeccompProgram.argumentHigh;
import static org.usermem.platform.stub.SeccompProgram.argumentLow;

import java.util.List;
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

  private static final String DENY = "deny";
  private static final String PERMIT = "permit";
  private static final String MAP = "map";

  private StubFilter() {}

  /**
   * Makes the filter.
   *
   * @param injectable numbers of calls that may be injected with any arguments, besides those that
   *     map, unmap, clone and exit
   */
  static SeccompProgram program(List<Integer> injectable) {
    SeccompProgram program = new SeccompProgram();
    program.load(SeccompProgram.ARCHITECTURE).unlessEqual(AUDIT_ARCH_X86_64, DENY);
    program
        .load(SeccompProgram.POINTER_HIGH)
        .unlessEqual((int) (StubLayout.CODE >>> 32), DENY)
        .load(POINTER_LOW)
        .ifEqual(at(StubLayout.INJECT_RETURN_OFFSET), "inject")
        .ifEqual(at(StubLayout.BATCH_RETURN_OFFSET), "batch")
        .ifEqual(at(StubLayout.CLONE_RETURN_OFFSET), "clone")
        .unlessEqual(at(StubLayout.PARK_RETURN_OFFSET), DENY);
    program.load(SeccompProgram.NUMBER).ifEqual(SystemCall.PAUSE, PERMIT).go(DENY);

    program.label("clone").load(SeccompProgram.NUMBER).unlessEqual(SystemCall.CLONE, DENY);
    program
        .load(argumentLow(0))
        .ifEqual(StubProcess.THREAD_FLAGS, PERMIT)
        .ifEqual(StubProcess.PROCESS_FLAGS, PERMIT)
        .go(DENY);

    program.label("inject").load(SeccompProgram.NUMBER);
    program.ifEqual(SystemCall.MMAP, MAP);
    program.ifEqual(SystemCall.MUNMAP, PERMIT).ifEqual(SystemCall.EXIT, PERMIT);
    for (int number : injectable) {
      program.ifEqual(number, PERMIT);
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

    program.label(PERMIT).end(ALLOW);
    program.label(DENY).end(TRAP);
    return program;
  }

  private static int at(int offset) {
    return (int) (StubLayout.CODE + offset);
  }
}
