package org.usermem.linux.signal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;

/** rt_sigreturn(2): goes back to where a handler interrupted the program. */
public final class SignalReturn {
  private SignalReturn() {}

  /** rt_sigreturn(); a frame that can't be used is a SIGSEGV. */
  public static long sigreturn(Task task) {
    task.signals().clearRestartBlock();
    Registers registers = task.registers();
    // The handler's return has taken the first word of the frame.
    long context = registers.rsp() - 8 + SignalEntry.CONTEXT_AT;
    try {
      MemorySegment frame = task.scratch(SignalEntry.CONTEXT_BYTE_COUNT);
      task.copyInFully(context, frame);
      long mask = frame.get(JAVA_LONG_UNALIGNED, SignalEntry.MASK_AT);
      MemorySegment machine = frame.asSlice(SignalEntry.MACHINE_AT, MachineContext.BYTE_COUNT);
      long floatingPoint = MachineContext.floatingPointAddress(machine);
      MachineContext.decode(machine, registers);
      MemorySegment stack = frame.asSlice(SignalEntry.STACK_AT, 24);
      restoreStack(task, stack);
      task.signals().setMask(mask);
      restoreFloatingPoint(task, floatingPoint);
    } catch (LinuxException e) {
      task.force(SignalInfo.kernel(Signals.SIGSEGV));
      return 0;
    }
    return registers.rax();
  }

  /** Like sigaltstack(2), whose refusals do not count here ({@code restore_altstack}). */
  private static void restoreStack(Task task, MemorySegment stack) {
    long address = stack.get(JAVA_LONG_UNALIGNED, 0);
    int flags = stack.get(JAVA_INT_UNALIGNED, 8);
    long byteCount = stack.get(JAVA_LONG_UNALIGNED, 16);
    try {
      AlternateStacks.set(task, address, byteCount, flags);
    } catch (LinuxException e) {
      // The old stack stays.
      return;
    }
  }

  private static void restoreFloatingPoint(Task task, long address) {
    Context guest = task.context();
    int area = guest.floatingPointByteCount();
    if (address == 0) {
      guest.loadFloatingPoint(FloatingPointFrame.initial(area));
      return;
    }
    MemorySegment frame = task.scratch(FloatingPointFrame.byteCount(area));
    long copied = task.copyIn(address, frame);
    if (copied < frame.byteSize() || !FloatingPointFrame.isExtended(frame, area)) {
      task.copyInFully(address, frame.asSlice(0, FloatingPointFrame.LEGACY_BYTE_COUNT));
      FloatingPointFrame.keepLegacyOnly(frame.asSlice(0, area));
    }
    guest.loadFloatingPoint(frame.asSlice(0, area));
  }
}
