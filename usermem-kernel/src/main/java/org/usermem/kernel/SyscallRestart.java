package org.usermem.kernel;

/**
 * How a system call that a signal interrupted goes on: the kernel-internal results of Linux's
 * {@code include/linux/errno.h}. A call throws one of these, or returns its negated number; the
 * program never sees it. Stackless, one instance each.
 */
@SuppressWarnings("StaticAssignmentOfThrowable") // Stackless and immutable.
public final class SyscallRestart extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Starts over unless a handler without SA_RESTART runs; then EINTR (ERESTARTSYS). */
  public static final SyscallRestart IF_HANDLER_ALLOWS = new SyscallRestart(512, "ERESTARTSYS");

  /** Starts over always (ERESTARTNOINTR). */
  public static final SyscallRestart ALWAYS = new SyscallRestart(513, "ERESTARTNOINTR");

  /** Starts over unless a handler runs; then EINTR (ERESTARTNOHAND). */
  public static final SyscallRestart IF_NO_HANDLER = new SyscallRestart(514, "ERESTARTNOHAND");

  /**
   * Goes on through restart_syscall(2) unless a handler runs; then EINTR (ERESTART_RESTARTBLOCK).
   * The call has set {@link TaskSignals#setRestartBlock} before.
   */
  public static final SyscallRestart BY_BLOCK = new SyscallRestart(516, "ERESTART_RESTARTBLOCK");

  private final int number;

  private SyscallRestart(int number, String name) {
    super(name, null, false, false);
    this.number = number;
  }

  /**
   * Returns the internal errno.
   *
   * @return 512, 513, 514 or 516
   */
  public int number() {
    return number;
  }

  /**
   * Returns whether a system call's raw result is one of these.
   *
   * @param result a raw result
   * @return whether it is the negated number of one of these
   */
  public static boolean isRestart(long result) {
    return result <= -512 && result >= -516 && result != -515;
  }
}
