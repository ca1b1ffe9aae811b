package org.usermem.linux.process;

import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;

/** exit(2), exit_group(2) and what a task leaves to be done at its end. */
public final class EndCalls {
  private EndCalls() {}

  /** exit(error_code). */
  public static long exit(Task task, SyscallArguments args) {
    task.exit(args.asInt(0));
    return 0;
  }

  /** exit_group(error_code). */
  public static long exitGroup(Task task, SyscallArguments args) {
    task.exitGroup(args.asInt(0));
    return 0;
  }

  /** sched_yield(). */
  @SuppressWarnings("ThreadPriorityCheck") // it is what the program asks for
  public static long schedYield() {
    Thread.yield();
    return 0;
  }

  /** set_tid_address(tidptr). */
  public static long setTidAddress(Task task, SyscallArguments args) {
    task.parts().setClearChildTidAddr(args.asLong(0));
    return task.tid();
  }
}
