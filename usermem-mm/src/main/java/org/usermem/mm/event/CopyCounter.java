package org.usermem.mm.event;

import jdk.jfr.FlightRecorder;

/**
 * Counts the copies of an address space in one direction while a recording wants them. A copy costs
 * some ten nanoseconds, an event ten times that: so an event stands for many copies, the first ones
 * of an address space excepted.
 *
 * <p>The threads of a process count without synchronising: copies that they make at the same moment
 * may be counted once.
 */
public final class CopyCounter {

  /** Copies are counted above this bit and bytes below it, in one addition. */
  private static final int COPIES_SHIFT = 44;

  private static final long ONE_COPY = 1L << COPIES_SHIFT;
  private static final long MOST_COPIES = 1024 * ONE_COPY;

  private final boolean fromProgram;
  private long most = ONE_COPY;
  private long counted;

  /** Creates a counter of the copies from the program, or of those to it. */
  public CopyCounter(boolean fromProgram) {
    this.fromProgram = fromProgram;
  }

  /**
   * Counts a copy.
   *
   * @param address the guest address that it began at
   * @param moved how many bytes it moved
   */
  public void count(long address, long moved) {
    if (FlightRecorder.isInitialized()
        && CopyEvent.PROBE.isEnabled()
        && (counted += ONE_COPY + moved) >= most) {
      commitSlow(address);
    }
  }

  private void commitSlow(long address) {
    most = Math.min(MOST_COPIES, most * 2);
    CopyEvent event = new CopyEvent();
    event.fromProgram = fromProgram;
    event.copies = counted >>> COPIES_SHIFT;
    event.byteCount = counted & (ONE_COPY - 1);
    event.address = address;
    counted = 0;
    event.commit();
  }

  /** Tells what has not been told yet, before the address space goes. */
  public void flush() {
    if (counted > 0) {
      commitSlow(0);
    }
  }
}
