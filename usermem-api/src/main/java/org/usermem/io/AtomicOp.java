package org.usermem.io;

/** What {@link IO#fetchAndApplyInt} and {@link IO#fetchAndApplyLong} do to a word. */
public enum AtomicOp {
  /** Adds the operand, with overflow wrapping around. */
  ADD,
  /** Keeps the bits that the operand has too. */
  AND,
  /** Sets the bits of the operand. */
  OR,
  /** Flips the bits of the operand. */
  XOR;

  /** Returns the new value of a 32-bit word. */
  public int apply(int old, int operand) {
    return switch (this) {
      case ADD -> old + operand;
      case AND -> old & operand;
      case OR -> old | operand;
      case XOR -> old ^ operand;
    };
  }

  /** Returns the new value of a 64-bit word. */
  public long apply(long old, long operand) {
    return switch (this) {
      case ADD -> old + operand;
      case AND -> old & operand;
      case OR -> old | operand;
      case XOR -> old ^ operand;
    };
  }
}
