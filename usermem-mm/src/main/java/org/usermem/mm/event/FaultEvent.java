package org.usermem.mm.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A page fault of a program. */
@Name("usermem.Fault")
@Label("Page Fault")
@Description("A page fault of a program, which stands for some more")
@Category("usermem")
@StackTrace(false)
final class FaultEvent extends Event {

  /** Asked whether a recording wants events of this kind; never committed. */
  static final FaultEvent PROBE = new FaultEvent();

  @Label("Address")
  long address;

  @Label("Access")
  String access = "";

  @Label("Outcome")
  String outcome = "";

  @Label("Faults")
  @Description("How many faults this one stands for")
  int faults;
}
