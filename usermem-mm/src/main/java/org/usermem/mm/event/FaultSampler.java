package org.usermem.mm.event;

import jdk.jfr.FlightRecorder;
import org.usermem.addr.AccessType;

/**
 * Tells of the page faults of an address space: of each of the first, then of one in several, which
 * stands for those before it too. Threads may count without synchronising, as {@link CopyCounter}.
 */
public final class FaultSampler {

  private static final int MOST_FAULTS = 16;

  private int mostFaults = 1;
  private int faults;

  /** Creates a sampler that has seen nothing. */
  public FaultSampler() {}

  /**
   * Counts a fault.
   *
   * @param address the guest address
   * @param access how it was accessed
   * @param outcome what came of it
   */
  public void happened(long address, AccessType access, Enum<?> outcome) {
    if (FlightRecorder.isInitialized() && FaultEvent.PROBE.isEnabled() && ++faults >= mostFaults) {
      commitSlow(address, access, outcome);
    }
  }

  private void commitSlow(long address, AccessType access, Enum<?> outcome) {
    mostFaults = Math.min(MOST_FAULTS, mostFaults * 2);
    FaultEvent event = new FaultEvent();
    event.address = address;
    event.access = access.toString();
    event.outcome = outcome.name();
    event.faults = faults;
    faults = 0;
    event.commit();
  }
}
