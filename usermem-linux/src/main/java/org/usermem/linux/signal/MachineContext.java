package org.usermem.linux.signal;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.platform.Registers;

/**
 * {@code struct sigcontext_64} (arch/x86/include/uapi/asm/sigcontext.h): the registers in a signal
 * frame.
 */
final class MachineContext {
  static final int BYTE_COUNT = 256;

  private static final int EFLAGS_AT = 17 * 8;
  private static final int CS_AT = 144;
  private static final int GS_AT = 146;
  private static final int FS_AT = 148;
  private static final int SS_AT = 150;
  private static final int ERROR_AT = 152;
  private static final int TRAP_AT = 160;
  private static final int OLD_MASK_AT = 168;
  private static final int CR2_AT = 176;
  private static final int FLOATING_POINT_AT = 184;

  /** The flags that a handler may change for the code that it returns to (FIX_EFLAGS). */
  private static final long CHANGEABLE_FLAGS =
      0x1 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x400 | 0x800 | 0x10000 | 0x40000;

  private static final int[] ORDER = {
    Registers.R8,
    Registers.R9,
    Registers.R10,
    Registers.R11,
    Registers.R12,
    Registers.R13,
    Registers.R14,
    Registers.R15,
    Registers.RDI,
    Registers.RSI,
    Registers.RBP,
    Registers.RBX,
    Registers.RDX,
    Registers.RAX,
    Registers.RCX,
    Registers.RSP,
    Registers.RIP
  };

  private MachineContext() {}

  /**
   * Writes every byte of the structure.
   *
   * @param floatingPoint address of the floating-point state
   */
  static void encode(
      Registers registers, TrapDetails trap, long mask, long floatingPoint, MemorySegment dst) {
    for (int i = 0; i < ORDER.length; i++) {
      dst.set(JAVA_LONG_UNALIGNED, 8L * i, registers.get(ORDER[i]));
    }
    dst.set(JAVA_LONG_UNALIGNED, EFLAGS_AT, registers.eflags());
    dst.set(JAVA_SHORT_UNALIGNED, CS_AT, (short) registers.get(Registers.CS));
    dst.set(JAVA_SHORT_UNALIGNED, GS_AT, (short) 0);
    dst.set(JAVA_SHORT_UNALIGNED, FS_AT, (short) 0);
    dst.set(JAVA_SHORT_UNALIGNED, SS_AT, (short) registers.get(Registers.SS));
    dst.set(JAVA_LONG_UNALIGNED, ERROR_AT, trap.errorCode());
    dst.set(JAVA_LONG_UNALIGNED, TRAP_AT, trap.trapNumber());
    dst.set(JAVA_LONG_UNALIGNED, OLD_MASK_AT, mask);
    dst.set(JAVA_LONG_UNALIGNED, CR2_AT, trap.address());
    dst.set(JAVA_LONG_UNALIGNED, FLOATING_POINT_AT, floatingPoint);
    dst.asSlice(FLOATING_POINT_AT + 8, BYTE_COUNT - FLOATING_POINT_AT - 8).fill((byte) 0);
  }

  /** Sets the registers to what a handler left in the frame; selectors stay those of user code. */
  static void decode(MemorySegment src, Registers registers) {
    for (int i = 0; i < ORDER.length; i++) {
      registers.set(ORDER[i], src.get(JAVA_LONG_UNALIGNED, 8L * i));
    }
    long changed = src.get(JAVA_LONG_UNALIGNED, EFLAGS_AT) & CHANGEABLE_FLAGS;
    registers.setEflags((registers.eflags() & ~CHANGEABLE_FLAGS) | changed);
    registers.setOrigRax(-1);
  }

  static long floatingPointAddress(MemorySegment src) {
    return src.get(JAVA_LONG_UNALIGNED, FLOATING_POINT_AT);
  }
}
