package org.usermem.linux.process;

import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;

/**
 * Numbers of tasks, process groups and sessions: getpid(2), setpgid(2), setsid(2) and the like;
 * kernel/sys.c.
 */
public final class GroupCalls {
  private GroupCalls() {}

  /** setpgid(pid, pgid). */
  public static long setpgid(Task task, SyscallArguments args) {
    task.relations().setProcessGroup(args.asInt(0), args.asInt(1));
    return 0;
  }

  /** getpgid(pid). */
  public static long getpgid(Task task, SyscallArguments args) {
    return task.relations().processGroup(args.asInt(0));
  }

  /** getpgrp(). */
  public static long getpgrp(Task task) {
    return task.threadGroup().processGroup().id();
  }

  /** getsid(pid). */
  public static long getsid(Task task, SyscallArguments args) {
    return task.relations().session(args.asInt(0));
  }

  /** setsid(). */
  public static long setsid(Task task) {
    return task.relations().newSession();
  }
}
