package org.usermem.kernel;

/** The status word of wait(2): how a process ended, or that it stopped or went on. */
public final class WaitStatus {

  /** The stopped child went on. */
  public static final int CONTINUED = 0xffff;

  private static final int CORE_BIT = 0x80;
  private static final int STOPPED_MARK = 0x7f;

  private WaitStatus() {}

  /**
   * Returns the status of a process that exited.
   *
   * @param code what it gave to exit(2); the lower eight bits count
   * @return the status word
   */
  public static int exited(int code) {
    return (code & 0xff) << 8;
  }

  /**
   * Returns the status of a process that a signal killed.
   *
   * @param signo the signal
   * @param dumped whether there is a core dump
   * @return the status word
   */
  public static int killed(int signo, boolean dumped) {
    return signo | (dumped ? CORE_BIT : 0);
  }

  /**
   * Returns the status of a process that stopped.
   *
   * @param signo the signal, with a ptrace event in the bits from 8 on
   * @return the status word
   */
  public static int stopped(int signo) {
    return signo << 8 | STOPPED_MARK;
  }

  /**
   * Returns whether a status is that of a process that exited.
   *
   * @param status a status word
   * @return whether it exited by itself
   */
  public static boolean isExited(int status) {
    return (status & 0x7f) == 0;
  }

  /**
   * Returns what a shell reports for a status.
   *
   * @param status the status word of a process that ended
   * @return the exit code, or 128 and the signal's number
   */
  public static int shellCode(int status) {
    return isExited(status) ? status >> 8 & 0xff : 128 + (status & 0x7f);
  }

  /**
   * Returns whether a core dump was made.
   *
   * @param status the status word of a process that a signal killed
   * @return whether the bit is set
   */
  public static boolean isDumped(int status) {
    return (status & CORE_BIT) != 0;
  }
}
