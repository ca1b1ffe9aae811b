package org.usermem.linux.trace;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Tracee;
import org.usermem.platform.Registers;

/**
 * {@code struct user} of arch/x86/include/asm/user_64.h, of which the kernel serves the general
 * registers and the debug registers. There are no hardware breakpoints here: a debug register holds
 * zero, and whoever wants to set one learns that none is left, as on a machine where others use
 * them.
 */
final class UserArea {
  private static final long BYTE_COUNT = 928;
  private static final long DEBUG_REGISTERS_AT = 848;
  private static final long DEBUG_REGISTERS_END = DEBUG_REGISTERS_AT + 8 * Long.BYTES;

  private UserArea() {}

  /** PTRACE_PEEKUSER. */
  static long peek(Tracee tracee, long offset) {
    checkOffset(offset);
    return offset < Registers.BYTE_COUNT ? register(tracee, (int) (offset / Long.BYTES)) : 0;
  }

  /** PTRACE_POKEUSER. */
  static void poke(Tracee tracee, long offset, long value) {
    checkOffset(offset);
    if (offset < Registers.BYTE_COUNT) {
      tracee.setRegister((int) (offset / Long.BYTES), value);
      return;
    }
    if (offset < DEBUG_REGISTERS_AT || offset >= DEBUG_REGISTERS_END) {
      throw LinuxException.of(Errno.EIO);
    }
    if (value != 0) {
      throw LinuxException.of(Errno.ENOSPC);
    }
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
