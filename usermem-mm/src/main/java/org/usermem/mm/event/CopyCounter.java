package org.usermem.mm.event;

/**
 * Counts the copies of an address space in one direction while a recording wants them. A copy costs
 * some ten nanoseconds, an event ten times that: so an event stands for many copies, the first ones
 * of an address space excepted.
 *
 * <p>The threads of a process count without synchronising: copies that they make at the same moment
 * may be counted once.
 */
public final class CopyCounter {

  private static final int MOST_COPIES = 1024;

  private final boolean fromProgram;
  private int mostCopies = 1;
  private int copies;
  private long byteCount;

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
    if (CopyEvent.PROBE.isEnabled()) {
      byteCount += moved;
      if (++copies >= mostCopies) {
        commitSlow(address);
      }
    }
  }

  private void commitSlow(long address) {
    mostCopies = Math.min(MOST_COPIES, mostCopies * 2);
    CopyEvent event = new CopyEvent();
    event.fromProgram = fromProgram;
    event.copies = copies;
    event.byteCount = byteCount;
    event.address = address;
    copies = 0;
    byteCount = 0;
    event.commit();
  }

  /** Tells what has not been told yet, before the address space goes. */
  public void flush() {
    if (copies > 0) {
      commitSlow(0);
    }
  }
}
