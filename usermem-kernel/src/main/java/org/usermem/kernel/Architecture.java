package org.usermem.kernel;

import java.util.List;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;

/**
 * What depends on the ABI that programs are built for: how a program is loaded, how a signal's
 * handler is entered, which numbers calls have. Used by every task on its own thread.
 */
public interface Architecture {

  /**
   * Returns the architecture's number for seccomp and ptrace.
   *
   * @return {@code AUDIT_ARCH_*}
   */
  int auditNumber();

  /**
   * Returns the number of restart_syscall(2).
   *
   * @return the number
   */
  int restartSyscallNumber();

  /**
   * Makes the first namespaces of the kinds that the ABI keeps.
   *
   * @return one each, which the kernel takes over
   */
  default List<Namespace> namespaces() {
    return List.of();
  }

  /**
   * Loads a program into a new address space: the file, its interpreters, stack, arguments and
   * auxiliary vector. The task that executes it is not changed; it may still fail to.
   *
   * @param kernel the kernel
   * @param request what to execute, for whom
   * @return the loaded program; the caller owns its address space
   * @throws org.usermem.errno.LinuxException as execve(2): ENOENT, EACCES, ENOEXEC, E2BIG, ...
   */
  ProgramImage load(Kernel kernel, ExecRequest request);

  /**
   * Makes a task enter a signal's handler: writes the frame to its stack (the alternate one if the
   * action and the stack pointer say so) and sets its registers. The mask to restore is {@link
   * TaskSignals#maskToRestore()}; blocking what the action blocks is the caller's business.
   *
   * @param task the task, on whose thread this runs
   * @param info the signal
   * @param action its action, which has a handler
   * @throws org.usermem.errno.LinuxException EFAULT if the frame can't be written; the registers
   *     are as before then
   */
  void enterHandler(Task task, SignalInfo info, SignalAction action);

  /**
   * Prepares a new task's registers, and what the ABI keeps for tasks, on its parent's thread.
   * Takes no lock under which the kernel is called.
   *
   * @param task the new task, with a copy of its parent's registers; not running yet
   * @param options how it was cloned
   */
  void prepareClone(Task task, CloneOptions options);

  /**
   * Is told that a process ends, while its memory is still there.
   *
   * @param last the last task of the process, on whose thread this runs
   */
  default void processEnds(Task last) {}

  /**
   * Gives up what the ABI keeps for a task that ends; its memory has gone already.
   *
   * @param task the task, on whose thread this runs, or on its parent's if it never ran
   */
  default void endTask(Task task) {}

  /**
   * Writes a core dump of a process that a signal ends, if there is to be one. The other tasks of
   * the process wait for the end of it, or are about to.
   *
   * @param task the task that the signal was for, on whose thread this runs
   * @param info the signal
   * @param state the other tasks
   * @return whether a dump was written
   */
  default boolean dumpCore(Task task, SignalInfo info, CoreState state) {
    return false;
  }
}
