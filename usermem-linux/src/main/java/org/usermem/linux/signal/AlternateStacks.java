package org.usermem.linux.signal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.AlternateStack;

/** sigaltstack(2); {@code do_sigaltstack} of kernel/signal.c. */
public final class AlternateStacks {
  private static final int STACK_BYTE_COUNT = 24;

  private AlternateStacks() {}

  /** sigaltstack(uss, uoss). */
  public static long sigaltstack(Task task, SyscallArguments args) {
    AlternateStack old = task.signals().alternateStack();
    if (args.asLong(0) != 0) {
      MemorySegment stack = task.scratch(STACK_BYTE_COUNT);
      task.copyInFully(args.asLong(0), stack);
      set(
          task,
          stack.get(JAVA_LONG_UNALIGNED, 0),
          stack.get(JAVA_LONG_UNALIGNED, 16),
          stack.get(JAVA_INT_UNALIGNED, 8));
    }
    if (args.asLong(1) != 0) {
      MemorySegment stack = task.scratch(STACK_BYTE_COUNT);
      SignalEntry.encode(old, stack);
      stack.set(JAVA_INT_UNALIGNED, 8, reportedFlags(task, old));
      task.copyOutFully(args.asLong(1), stack);
    }
    return 0;
  }

  private static int reportedFlags(Task task, AlternateStack stack) {
    int disarms = stack.flags() & AlternateStack.SS_AUTODISARM;
    if (!stack.isEnabled()) {
      return AlternateStack.SS_DISABLE | disarms;
    }
    boolean isOn = SignalEntry.isOn(stack, task.registers().rsp());
    return isOn ? AlternateStack.SS_ONSTACK | disarms : disarms;
  }

  /**
   * Sets the alternate stack of a task.
   *
   * @throws LinuxException EPERM while it is in use; EINVAL for unknown flags; ENOMEM if it is too
   *     small
   */
  static void set(Task task, long address, long byteCount, int flags) {
    AlternateStack old = task.signals().alternateStack();
    if (SignalEntry.isOn(old, task.registers().rsp())) {
      throw LinuxException.of(Errno.EPERM);
    }
    int mode = flags & ~AlternateStack.SS_AUTODISARM;
    if (mode != AlternateStack.SS_DISABLE && mode != AlternateStack.SS_ONSTACK && mode != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (mode == AlternateStack.SS_DISABLE) {
      task.signals()
          .setAlternateStack(
              new AlternateStack(
                  0, 0, AlternateStack.SS_DISABLE | (flags & AlternateStack.SS_AUTODISARM)));
      return;
    }
    if (Long.compareUnsigned(byteCount, AlternateStack.MINIMUM_BYTE_COUNT) < 0) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    task.signals()
        .setAlternateStack(
            new AlternateStack(address, byteCount, flags & AlternateStack.SS_AUTODISARM));
  }
}
