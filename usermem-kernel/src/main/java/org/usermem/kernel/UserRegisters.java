package org.usermem.kernel;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.platform.Registers;

/** What a tracer may write into registers: {@code putreg} of Linux's arch/x86/kernel/ptrace.c. */
final class UserRegisters {

  /** CF, PF, AF, ZF, SF, TF, DF, OF, NT, RF, AC. */
  private static final long CHANGEABLE_FLAGS = 0x5_4dd5;

  private UserRegisters() {}

  static void put(Registers registers, int index, long value, long addressEnd) {
    switch (index) {
      case Registers.EFLAGS -> {
        long kept = registers.eflags() & ~CHANGEABLE_FLAGS;
        registers.setEflags(kept | (value & CHANGEABLE_FLAGS));
      }
      case Registers.FS_BASE, Registers.GS_BASE -> {
        if (Long.compareUnsigned(value, addressEnd) >= 0) {
          throw LinuxException.of(Errno.EIO);
        }
        registers.set(index, value);
      }
      case Registers.CS, Registers.SS -> {
        if ((value & 3) != 3) {
          throw LinuxException.of(Errno.EIO);
        }
        registers.set(index, value);
      }
      default -> registers.set(index, value);
    }
  }
}
