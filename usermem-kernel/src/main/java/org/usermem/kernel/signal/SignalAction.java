package org.usermem.kernel.signal;

/**
 * What a process does on a signal: {@code struct sigaction} of the kernel's ABI (sigaction(2)).
 *
 * @param handler address of the handler, or {@link #SIG_DFL} or {@link #SIG_IGN}
 * @param flags {@code SA_*}
 * @param restorer address that a handler returns to
 * @param mask signals blocked while the handler runs
 */
public record SignalAction(long handler, long flags, long restorer, long mask) {

  /** The default action. */
  public static final long SIG_DFL = 0;

  /** Nothing. */
  public static final long SIG_IGN = 1;

  /** No SIGCHLD when children stop. */
  public static final long SA_NOCLDSTOP = 1;

  /** Children leave no zombie. */
  public static final long SA_NOCLDWAIT = 2;

  /** The handler takes three arguments. */
  public static final long SA_SIGINFO = 4;

  /** {@code restorer} is set. */
  public static final long SA_RESTORER = 0x0400_0000L;

  /** The handler runs on the alternate stack. */
  public static final long SA_ONSTACK = 0x0800_0000L;

  /** Interrupted system calls start over. */
  public static final long SA_RESTART = 0x1000_0000L;

  /** The signal is not blocked in its own handler. */
  public static final long SA_NODEFER = 0x4000_0000L;

  /** The action becomes the default one when the handler is entered. */
  public static final long SA_RESETHAND = 0x8000_0000L;

  /** The default action with nothing else. */
  public static final SignalAction DEFAULT = new SignalAction(SIG_DFL, 0, 0, 0);

  /**
   * Returns whether the action is the default one.
   *
   * @return whether the handler is {@link #SIG_DFL}
   */
  public boolean isDefault() {
    return handler == SIG_DFL;
  }

  /**
   * Returns whether the signal is ignored explicitly.
   *
   * @return whether the handler is {@link #SIG_IGN}
   */
  public boolean isIgnore() {
    return handler == SIG_IGN;
  }

  /**
   * Returns whether a flag is set.
   *
   * @param flag one of {@code SA_*}
   * @return whether it is set
   */
  public boolean has(long flag) {
    return (flags & flag) != 0;
  }
}
