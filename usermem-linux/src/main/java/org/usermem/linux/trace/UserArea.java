package org.usermem.linux.trace;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Tracee;
import org.usermem.platform.Registers;

/**
 * {@code struct user} of arch/x86/include/asm/user_64.h, of which the kernel serves the general
 * registers and the debug registers.
 */
final class UserArea {
  private static final long BYTE_COUNT = 928;
  private static final long DEBUG_REGISTERS_AT = 848;
  private static final long DEBUG_REGISTERS_END =
      DEBUG_REGISTERS_AT + Tracee.DEBUG_REGISTER_COUNT * Long.BYTES;

  private UserArea() {}

  /** PTRACE_PEEKUSER. */
  static long peek(Tracee tracee, long offset) {
    checkOffset(offset);
    if (offset < Registers.BYTE_COUNT) {
      return register(tracee, (int) (offset / Long.BYTES));
    }
    return isDebugRegister(offset) ? tracee.debugRegister(debugRegister(offset)) : 0;
  }

  /** PTRACE_POKEUSER. */
  static void poke(Tracee tracee, long offset, long value) {
    checkOffset(offset);
    if (offset < Registers.BYTE_COUNT) {
      tracee.setRegister((int) (offset / Long.BYTES), value);
      return;
    }
    if (!isDebugRegister(offset)) {
      throw LinuxException.of(Errno.EIO);
    }
    tracee.setDebugRegister(debugRegister(offset), value);
  }

  private static boolean isDebugRegister(long offset) {
    return offset >= DEBUG_REGISTERS_AT && offset < DEBUG_REGISTERS_END;
  }

  private static int debugRegister(long offset) {
    return (int) (offset - DEBUG_REGISTERS_AT) / Long.BYTES;
  }

  private static void checkOffset(long offset) {
    if (Long.compareUnsigned(offset, BYTE_COUNT) >= 0 || offset % Long.BYTES != 0) {
      throw LinuxException.of(Errno.EIO);
    }
  }

  static long register(Tracee tracee, int index) {
    Registers registers = new Registers();
    tracee.copyRegisters(registers);
    return registers.get(index);
  }
}
