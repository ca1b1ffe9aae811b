package org.usermem.mm.event;

import jdk.jfr.FlightRecorder;

/** Tells of the changes of the mappings of address spaces. */
public final class MappingChange {

  private MappingChange() {}

  /**
   * Tells of a change, if a recording wants to know.
   *
   * @param operation the system call that changes in this way, such as {@code "mmap"}
   * @param address where it begins
   * @param byteCount how far it goes
   */
  public static void happened(String operation, long address, long byteCount) {
    if (FlightRecorder.isInitialized() && MappingEvent.PROBE.isEnabled()) {
      MappingEvent event = new MappingEvent();
      event.operation = operation;
      event.address = address;
      event.byteCount = byteCount;
      event.commit();
    }
  }
}
