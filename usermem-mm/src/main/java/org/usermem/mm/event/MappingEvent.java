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
public final class MappingEvent extends Event {

  private static final MappingEvent PROBE = new MappingEvent();

  @Label("Operation")
  String operation = "";

  @Label("Address")
  long address;

  @Label("Bytes")
  @DataAmount
  long byteCount;

  private MappingEvent() {}

  /**
   * Tells of a change, if a recording wants to know.
   *
   * @param operation the system call that changes in this way, such as {@code "mmap"}
   * @param address where it begins
   * @param byteCount how far it goes
   */
  public static void happened(String operation, long address, long byteCount) {
    if (PROBE.isEnabled()) {
      MappingEvent event = new MappingEvent();
      event.operation = operation;
      event.address = address;
      event.byteCount = byteCount;
      event.commit();
    }
  }
}
