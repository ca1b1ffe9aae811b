package org.usermem.kernel.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A system call. */
@Name("usermem.SystemCall")
@Label("System Call")
@Description("A system call of a program, which stands for some more")
@Category("usermem")
@StackTrace(false)
final class SyscallEvent extends Event {

  /** Asked whether a recording wants events of this kind; never committed. */
  static final SyscallEvent PROBE = new SyscallEvent();

  @Label("Process")
  int process;

  @Label("Task")
  int task;

  @Label("Number")
  int number;

  @Label("Result")
  long result;

  @Label("Calls")
  @Description("How many calls this one stands for")
  int calls;
}
