package org.usermem.kernel;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.platform.Registers;

/** What a tracer may write into registers: {@code putreg} of Linux's arch/x86/kernel/ptrace.c. */
final class UserRegisters {

  /** CF, PF, AF, ZF, SF, TF, DF, OF, NT, RF, AC. */
  private static final long CHANGEABLE_FLAGS = 0x5_4dd5;

  private static final long SELECTOR_MASK = 0xffff;
  private static final long USER_PRIVILEGE = 3;

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
        checkSelector(value, false);
        registers.set(index, value & SELECTOR_MASK);
      }
      case Registers.DS, Registers.ES, Registers.FS, Registers.GS -> {
        checkSelector(value, true);
        registers.set(index, value & SELECTOR_MASK);
      }
      default -> registers.set(index, value);
    }
  }

  /** Follows {@code set_segment_reg}: a selector of user code, or the null selector. */
  private static void checkSelector(long value, boolean mayBeNull) {
    boolean isNull = (value & SELECTOR_MASK) == 0;
    if (isNull ? !mayBeNull : (value & USER_PRIVILEGE) != USER_PRIVILEGE) {
      throw LinuxException.of(Errno.EIO);
    }
  }
}
