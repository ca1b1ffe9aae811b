package org.usermem.linux.seccomp;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallFilter;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.Signals;

/**
 * The filters of a task, the newest first; the others are those that it had before, and that it may
 * share with its relatives. Immutable.
 *
 * @param program the newest filter
 * @param older the ones before; null for none
 * @param weight what the chain counts for against the limit on instructions
 * @param length how many filters there are
 */
record FilterChain(BpfProgram program, @Nullable FilterChain older, int weight, int length)
    implements SyscallFilter {
  private static final int ACTION = 0xffff_0000;
  private static final int DATA = 0xffff;

  static final int KILL_PROCESS = 0x8000_0000;
  static final int KILL_THREAD = 0;
  static final int TRAP = 0x0003_0000;
  static final int ERRNO = 0x0005_0000;
  static final int TRACE = 0x7ff0_0000;
  static final int LOG = 0x7ffc_0000;
  static final int ALLOW = 0x7fff_0000;

  private static final int SYS_SECCOMP = 1;
  private static final int MAXIMUM_ERRNO = 4095;
  private static final int PENALTY = 4;

  static FilterChain of(BpfProgram program, @Nullable FilterChain older) {
    int weight = program.length() + PENALTY + (older == null ? 0 : older.weight);
    return new FilterChain(program, older, weight, older == null ? 1 : older.length + 1);
  }

  @Override
  public int mode() {
    return 2;
  }

  @Override
  public int filterCount() {
    return length;
  }

  /** Returns whether this chain is another one with newer filters, or that one itself. */
  boolean descendsFrom(@Nullable SyscallFilter other) {
    FilterChain each = this;
    while (each != null && !each.equals(other)) {
      each = each.older;
    }
    return other == null || each != null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public boolean admits(Task task, int number, SyscallArguments arguments) {
    return admits(task, number, arguments, false);
  }

  /**
   * Decides about a call.
   *
   * @param isAsked whether the tracer has been asked about it already
   */
  private boolean admits(Task task, int number, SyscallArguments arguments, boolean isAsked) {
    int verdict = run(data(task, number, arguments));
    switch (verdict & ACTION) {
      case ALLOW, LOG -> {
        return true;
      }
      case ERRNO -> task.registers().setRax(-Math.min(verdict & DATA, MAXIMUM_ERRNO));
      case TRAP -> {
        task.registers().setRax(number);
        SignalPayload.Call call =
            new SignalPayload.Call(
                task.registers().rip(), number, task.kernel().architecture().auditNumber());
        task.force(new SignalInfo(Signals.SIGSYS, verdict & DATA, SYS_SECCOMP, call));
      }
      case TRACE -> {
        return isAsked || isAllowedByTracer(task, verdict & DATA, arguments);
      }
      case KILL_THREAD -> task.endKilled(Signals.SIGSYS, false);
      default -> task.endKilled(Signals.SIGSYS, true);
    }
    return false;
  }

  /**
   * The tracer may have made another call of it: the filters look at that, and do not ask again.
   */
  private boolean isAllowedByTracer(Task task, int data, SyscallArguments arguments) {
    task.registers().setRax(-Errno.ENOSYS.number());
    if (!task.askTracer(data)) {
      return false;
    }
    int number = (int) task.registers().origRax();
    return number >= 0 && !task.isKilled() && admits(task, number, arguments, true);
  }

  /** Runs all filters; the strictest verdict counts, of equal ones that of the newest filter. */
  int run(int[] data) {
    int strictest = ALLOW;
    for (FilterChain each = this; each != null; each = each.older) {
      int verdict = each.program.run(data);
      if ((verdict & ACTION) < (strictest & ACTION)) {
        strictest = verdict;
      }
    }
    return strictest;
  }

  /** The call as {@code struct seccomp_data}, in words. */
  private static int[] data(Task task, int number, SyscallArguments arguments) {
    int[] words = new int[BpfProgram.DATA_BYTE_COUNT / Integer.BYTES];
    words[0] = number;
    words[1] = task.kernel().architecture().auditNumber();
    put(words, 2, task.registers().rip());
    for (int i = 0; i < 6; i++) {
      put(words, 4 + 2 * i, arguments.asLong(i));
    }
    return words;
  }

  private static void put(int[] words, int at, long value) {
    words[at] = (int) value;
    words[at + 1] = (int) (value >>> 32);
  }
}
