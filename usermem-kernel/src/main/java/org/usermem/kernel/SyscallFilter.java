package org.usermem.kernel;

/**
 * What decides about a task's system calls before they are made (seccomp(2)). A task keeps its
 * filter through execve(2) and hands it on to the tasks that it makes; the table of system calls
 * asks it. Immutable.
 */
public interface SyscallFilter {

  /**
   * Decides about a call, on the task's own thread.
   *
   * @param task who makes the call
   * @param number the call's number
   * @param arguments its arguments
   * @return whether it may be made; if not, rax is the result, or the task ends or gets a signal
   */
  boolean admits(Task task, int number, SyscallArguments arguments);

  /**
   * Returns the mode as /proc/PID/status shows it.
   *
   * @return 1 for strict mode, 2 for filters
   */
  int mode();

  /** Returns how many filters there are. */
  int filterCount();
}
