package org.usermem.mm.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Copies between the sentry and a program, several of an address space in one event. */
@Name("usermem.Copy")
@Label("Copies")
@Description("Copies between the sentry and a program since the event before")
@Category("usermem")
@StackTrace(false)
final class CopyEvent extends Event {

  /** Asked whether a recording wants events of this kind; never committed. */
  static final CopyEvent PROBE = new CopyEvent();

  @Label("From the Program")
  boolean fromProgram;

  @Label("Copies")
  long copies;

  @Label("Bytes")
  @DataAmount
  long byteCount;

  @Label("Address of the Last")
  long address;
}
