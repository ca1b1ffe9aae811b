package org.usermem.kernel;

/**
 * Which children to wait for, and for what (wait4(2), waitid(2)).
 *
 * @param selection how {@code id} names children
 * @param id a process or process group
 * @param flags {@code W*}
 */
public record WaitOptions(Selection selection, int id, int flags) {

  /** How children are named. */
  public enum Selection {
    /** Every child. */
    ANY,
    /** The child with a number. */
    PROCESS,
    /** The children in a process group. */
    PROCESS_GROUP
  }

  /** Do not block. */
  public static final int WNOHANG = 1;

  /** Report children that stopped (WUNTRACED of wait4). */
  public static final int WSTOPPED = 2;

  /** Report children that ended. */
  public static final int WEXITED = 4;

  /** Report children that went on. */
  public static final int WCONTINUED = 8;

  /** Leave the child as it is, so that it can be waited for again. */
  public static final int WNOWAIT = 0x0100_0000;

  /** Only children of this thread. */
  public static final int WNOTHREAD = 0x2000_0000;

  /** All children, whatever signal they end with. */
  public static final int WALL = 0x4000_0000;

  /** Only children that end with another signal than SIGCHLD. */
  public static final int WCLONE = 0x8000_0000;

  /**
   * Returns the options of wait4(2).
   *
   * @param pid as wait4 has it: -1, 0, a process, or a negated process group
   * @param callerProcessGroup the caller's process group, which 0 means
   * @param flags WNOHANG, WSTOPPED, WCONTINUED, WNOTHREAD, WALL, WCLONE
   * @return the options, with WEXITED
   */
  public static WaitOptions wait4(int pid, int callerProcessGroup, int flags) {
    int all = flags | WEXITED;
    if (pid > 0) {
      return new WaitOptions(Selection.PROCESS, pid, all);
    }
    if (pid == -1) {
      return new WaitOptions(Selection.ANY, 0, all);
    }
    return new WaitOptions(Selection.PROCESS_GROUP, pid == 0 ? callerProcessGroup : -pid, all);
  }

  /**
   * Returns whether a flag is set.
   *
   * @param flag one of {@code W*}
   * @return whether it is set
   */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
