package org.usermem.kernel.signal;

/**
 * A task's alternate signal stack: {@code stack_t} (sigaltstack(2)).
 *
 * @param addr lowest address
 * @param byteCount length
 * @param flags {@link #SS_DISABLE} or {@link #SS_AUTODISARM} or none
 */
public record AlternateStack(long addr, long byteCount, int flags) {

  /** The task runs on the stack now; reported, never set. */
  public static final int SS_ONSTACK = 1;

  /** There is no alternate stack. */
  public static final int SS_DISABLE = 2;

  /** The stack is disabled while a handler runs. */
  public static final int SS_AUTODISARM = 1 << 31;

  /** Least length of a stack. */
  public static final long MINIMUM_BYTE_COUNT = 2048;

  /** No alternate stack. */
  public static final AlternateStack NONE = new AlternateStack(0, 0, SS_DISABLE);

  /**
   * Returns whether there is a stack.
   *
   * @return whether {@link #SS_DISABLE} is not set
   */
  public boolean isEnabled() {
    return (flags & SS_DISABLE) == 0;
  }

  /**
   * Returns whether a stack pointer lies on the stack ({@code __on_sig_stack}).
   *
   * @param stackPointer the task's stack pointer
   * @return whether it is above the lowest address and not above the end
   */
  public boolean contains(long stackPointer) {
    return isEnabled() && Long.compareUnsigned(stackPointer - addr - 1, byteCount) < 0;
  }
}
