package org.usermem.kernel;

/** The system calls of an architecture. Called by each task on its own thread. */
@FunctionalInterface
public interface SyscallTable {

  /**
   * Makes a system call.
   *
   * @param task the task that calls, on whose thread this runs
   * @param number the call, as the program gave it; not checked
   * @param arguments its arguments, valid until this returns
   * @return what the program finds in its result register: a value, or a negated errno
   * @throws org.usermem.errno.LinuxException for an errno
   * @throws SyscallRestart if a signal interrupted the call
   */
  long invoke(Task task, int number, SyscallArguments arguments);
}
