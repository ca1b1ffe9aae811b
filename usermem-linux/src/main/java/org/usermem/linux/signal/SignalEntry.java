package org.usermem.linux.signal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.AlternateStack;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;

/**
 * Enters signal handlers: {@code x64_setup_rt_frame}. A frame is {@code struct rt_sigframe}: the
 * return address, the user context, the siginfo; the floating-point state stands above it, aligned
 * to 64.
 */
public final class SignalEntry {
  static final int CONTEXT_AT = 8;
  static final int STACK_AT = 16;
  static final int MACHINE_AT = 40;
  static final int MASK_AT = MACHINE_AT + MachineContext.BYTE_COUNT;
  static final int CONTEXT_BYTE_COUNT = MASK_AT + 8;

  private static final int INFO_AT = CONTEXT_AT + CONTEXT_BYTE_COUNT;
  private static final int FRAME_BYTE_COUNT = INFO_AT + SignalInfo.BYTE_COUNT;
  private static final int RED_ZONE = 128;

  /** UC_FP_XSTATE, UC_SIGCONTEXT_SS and UC_STRICT_RESTORE_SS. */
  private static final long CONTEXT_FLAGS = 7;

  /** The flags that a handler starts without: TF, DF and RF. */
  private static final long CLEARED_FLAGS = 0x100 | 0x400 | 0x10000;

  private SignalEntry() {}

  /** Makes a task enter a handler; see {@link org.usermem.kernel.Architecture#enterHandler}. */
  public static void enter(Task task, SignalInfo info, SignalAction action) {
    if (!action.has(SignalAction.SA_RESTORER)) {
      throw LinuxException.of(Errno.EFAULT);
    }
    Registers registers = task.registers();
    Context guest = task.context();
    AlternateStack alternate = task.signals().alternateStack();
    int area = guest.floatingPointByteCount();
    long top = registers.rsp() - RED_ZONE;
    boolean isOnAlternate = isOn(alternate, registers.rsp());
    if (action.has(SignalAction.SA_ONSTACK) && alternate.isEnabled() && !isOnAlternate) {
      top = alternate.addr() + alternate.byteCount();
      isOnAlternate = true;
    }
    long floatingPoint = top - FloatingPointFrame.byteCount(area) & -64;
    long frame = (floatingPoint - FRAME_BYTE_COUNT & -16) - 8;
    if (isOnAlternate && !alternate.contains(frame)) {
      // The frame would leave the alternate stack: better no handler than somebody's memory.
      throw LinuxException.of(Errno.EFAULT);
    }
    boolean needsReset = saveFloatingPoint(task, guest, area, floatingPoint);
    writeFrame(task, info, action, frame, floatingPoint);
    if (needsReset) {
      guest.loadFloatingPoint(FloatingPointFrame.initial(area));
    }
    if ((alternate.flags() & AlternateStack.SS_AUTODISARM) != 0) {
      task.signals().setAlternateStack(AlternateStack.NONE);
    }
    registers.setRdi(info.signo());
    registers.setRax(0);
    registers.setRsi(frame + INFO_AT);
    registers.setRdx(frame + CONTEXT_AT);
    registers.setRip(action.handler());
    registers.setRsp(frame);
    registers.setEflags(registers.eflags() & ~CLEARED_FLAGS);
    registers.setOrigRax(-1);
  }

  /** A stack that disarms itself is never the one that is used ({@code on_sig_stack}). */
  static boolean isOn(AlternateStack stack, long stackPointer) {
    return (stack.flags() & AlternateStack.SS_AUTODISARM) == 0 && stack.contains(stackPointer);
  }

  /** Returns whether the handler has to start with a fresh state. */
  private static boolean saveFloatingPoint(Task task, Context guest, int area, long address) {
    MemorySegment state = task.scratch(FloatingPointFrame.byteCount(area));
    guest.saveFloatingPoint(state);
    boolean needsReset = FloatingPointFrame.isInUse(state);
    FloatingPointFrame.mark(state, area, FloatingPointFrame.components(state));
    task.copyOutFully(address, state);
    return needsReset;
  }

  private static void writeFrame(
      Task task, SignalInfo info, SignalAction action, long address, long floatingPoint) {
    MemorySegment frame = task.scratch(FRAME_BYTE_COUNT);
    frame.set(JAVA_LONG_UNALIGNED, 0, action.restorer());
    MemorySegment context = frame.asSlice(CONTEXT_AT, CONTEXT_BYTE_COUNT);
    long mask = task.signals().maskToRestore();
    context.set(JAVA_LONG_UNALIGNED, 0, CONTEXT_FLAGS);
    context.set(JAVA_LONG_UNALIGNED, 8, 0);
    encode(task.signals().alternateStack(), context.asSlice(STACK_AT));
    MachineContext.encode(
        task.registers(), TrapDetails.of(info), mask, floatingPoint, context.asSlice(MACHINE_AT));
    context.set(JAVA_LONG_UNALIGNED, MASK_AT, mask);
    info.encode(frame.asSlice(INFO_AT));
    task.copyOutFully(address, frame);
  }

  /** Writes {@code stack_t}. */
  static void encode(AlternateStack stack, MemorySegment dst) {
    dst.set(JAVA_LONG_UNALIGNED, 0, stack.addr());
    dst.set(JAVA_INT_UNALIGNED, 8, stack.flags());
    dst.set(JAVA_INT_UNALIGNED, 12, 0);
    dst.set(JAVA_LONG_UNALIGNED, 16, stack.byteCount());
  }
}
