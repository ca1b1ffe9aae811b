package org.usermem.kernel.futex;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IO;
import org.usermem.io.IOOpts;

/** The operation and the comparison that FUTEX_WAKE_OP encodes in its last argument. */
record WakeOperation(int operation, int operand, int comparison, int comparand) {

  private static final int OPERAND_IS_SHIFT = 8;

  /** Decodes the argument ({@code futex_atomic_op_inuser}). */
  static WakeOperation decode(int encoded) {
    int operation = encoded >>> 28;
    int operand = encoded << 8 >> 20;
    if ((operation & OPERAND_IS_SHIFT) != 0) {
      operand = 1 << (operand & 31);
    }
    WakeOperation decoded =
        new WakeOperation(
            operation & ~OPERAND_IS_SHIFT, operand, encoded >>> 24 & 0xf, encoded << 20 >> 20);
    if (decoded.operation > 4 || decoded.comparison > 5) {
      throw LinuxException.of(Errno.ENOSYS);
    }
    return decoded;
  }

  /** Applies the operation to a word and returns whether the old value passes the comparison. */
  boolean apply(IO io, long addr) {
    int old = io.loadInt(addr, IOOpts.DEFAULT);
    while (true) {
      int seen = io.compareAndExchangeInt(addr, old, result(old), IOOpts.DEFAULT);
      if (seen == old) {
        return compare(old);
      }
      old = seen;
    }
  }

  private int result(int old) {
    return switch (operation) {
      case 0 -> operand;
      case 1 -> old + operand;
      case 2 -> old | operand;
      case 3 -> old & ~operand;
      default -> old ^ operand;
    };
  }

  private boolean compare(int old) {
    return switch (comparison) {
      case 0 -> old == comparand;
      case 1 -> old != comparand;
      case 2 -> old < comparand;
      case 3 -> old <= comparand;
      case 4 -> old > comparand;
      default -> old >= comparand;
    };
  }
}
