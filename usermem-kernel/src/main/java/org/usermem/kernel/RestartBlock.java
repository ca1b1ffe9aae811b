package org.usermem.kernel;

/** How restart_syscall(2) goes on with a call that a stop interrupted ({@code restart_block}). */
@FunctionalInterface
public interface RestartBlock {

  /**
   * Goes on with the call, on the task's thread.
   *
   * @return the call's result
   * @throws org.usermem.errno.LinuxException as the call does
   * @throws SyscallRestart if it is interrupted again
   */
  long restart();
}
