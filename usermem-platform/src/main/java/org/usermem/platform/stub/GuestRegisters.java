package org.usermem.platform.stub;

import org.usermem.addr.Addr;
import org.usermem.platform.Registers;

/**
 * What user code may have in its registers.
 *
 * <p>Values that the kernel hands to a platform can come from a program (sigreturn, ptrace); those
 * that the host would refuse, or that would gain rights, are replaced.
 */
public final class GuestRegisters {

  private static final long CODE_64_BIT = 0x33;
  private static final long CODE_32_BIT = 0x23;
  private static final long DATA = 0x2b;
  private static final long PRIVILEGE_MASK = 3;
  private static final long SELECTOR_MASK = 0xffff;

  /** Always one, and the interrupt flag, which user code can't change. */
  private static final long FIXED_FLAGS = 0x202;

  /** CF PF AF ZF SF TF DF OF NT RF AC ID: what popf can change, and RF. */
  private static final long USER_FLAGS = 0x25_4dd5 | 0x1_0000;

  private GuestRegisters() {}

  /** Replaces in place what user code can't have. */
  public static void sanitize(Registers registers) {
    if (registers.get(Registers.CS) != CODE_32_BIT) {
      registers.set(Registers.CS, CODE_64_BIT);
    }
    registers.set(Registers.SS, DATA);
    registers.set(Registers.DS, userSelector(registers.get(Registers.DS)));
    registers.set(Registers.ES, userSelector(registers.get(Registers.ES)));
    registers.set(Registers.FS, userSelector(registers.get(Registers.FS)));
    registers.set(Registers.GS, userSelector(registers.get(Registers.GS)));
    registers.setEflags(userFlags(registers.eflags()));
    registers.setFsBase(userBase(registers.fsBase()));
    registers.setGsBase(userBase(registers.gsBase()));
  }

  /** Returns flags that user code can have. */
  public static long userFlags(long flags) {
    return (flags & USER_FLAGS) | FIXED_FLAGS;
  }

  /** Returns a base of FS or GS that the host accepts: one beyond the user addresses becomes 0. */
  public static long userBase(long base) {
    return Addr.lessThan(base, StubLayout.USER_END) ? base : 0;
  }

  private static long userSelector(long selector) {
    boolean user = (selector & ~SELECTOR_MASK) == 0 && (selector & PRIVILEGE_MASK) == 3;
    return user ? selector : 0;
  }
}
