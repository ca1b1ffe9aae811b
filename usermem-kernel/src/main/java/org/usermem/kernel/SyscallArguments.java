package org.usermem.kernel;

import org.usermem.platform.Registers;

/** The arguments of the system call that a task makes: a view of its registers. */
public final class SyscallArguments {

  private final Registers registers;

  SyscallArguments(Registers registers) {
    this.registers = registers;
  }

  /**
   * Returns an argument as the register holds it: an address, a length, a long.
   *
   * @param index 0 to 5
   * @return the 64 bits
   */
  public long asLong(int index) {
    return registers.argument(index);
  }

  /**
   * Returns an argument of C's type int: its upper half has no meaning.
   *
   * @param index 0 to 5
   * @return the lower 32 bits
   */
  public int asInt(int index) {
    return (int) registers.argument(index);
  }

  /**
   * Returns an argument of C's type unsigned int.
   *
   * @param index 0 to 5
   * @return the lower 32 bits, not negative
   */
  public long asUnsignedInt(int index) {
    return registers.argument(index) & 0xffff_ffffL;
  }
}
