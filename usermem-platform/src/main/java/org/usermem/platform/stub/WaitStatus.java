package org.usermem.platform.stub;

/** The status that wait4(2) gives, as far as it concerns traced threads. */
public final class WaitStatus {

  /** The event of a stop by PTRACE_INTERRUPT, or of a group stop. */
  public static final int EVENT_STOP = 128;

  /** The signal of a stop at a system call, with PTRACE_O_TRACESYSGOOD. */
  public static final int SYSTEM_CALL = Signals.SIGTRAP | 0x80;

  private WaitStatus() {}

  /** Returns whether the thread stopped, rather than ended. */
  public static boolean isStopped(int status) {
    return (status & 0xff) == 0x7f;
  }

  /** Returns the signal that the thread stopped with, or {@link #SYSTEM_CALL}. */
  public static int signal(int status) {
    return (status >>> 8) & 0xff;
  }

  /** Returns the ptrace event that the thread stopped for, or 0. */
  public static int event(int status) {
    return status >>> 16;
  }
}
