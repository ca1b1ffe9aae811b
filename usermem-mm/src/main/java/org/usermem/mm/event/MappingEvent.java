package org.usermem.mm.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A change of the mappings of an address space. */
@Name("usermem.Mapping")
@Label("Mapping")
@Description("A change of what a program has mapped")
@Category("usermem")
@StackTrace(false)
final class MappingEvent extends Event {

  /** Asked whether a recording wants events of this kind; never committed. */
  static final MappingEvent PROBE = new MappingEvent();

  @Label("Operation")
  String operation = "";

  @Label("Address")
  long address;

  @Label("Bytes")
  @DataAmount
  long byteCount;
}
