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

  /**
   * Makes an event that begins now. It is made here because a class that turns one into an {@link
   * Event} has this one loaded when it is verified, and that is before the first recording.
   */
  static Event begun(int calls) {
    SyscallEvent event = new SyscallEvent();
    event.calls = calls;
    event.begin();
    return event;
  }
}
