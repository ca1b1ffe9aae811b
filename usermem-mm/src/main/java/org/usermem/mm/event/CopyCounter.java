package org.usermem.mm.event;

import jdk.jfr.FlightRecorder;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.mm.epoch.Epochs;

/**
 * Counts the copies of an address space in one direction and, while a recording wants it, tells of
 * them. A copy costs some ten nanoseconds, an event ten times that: so an event stands for many
 * copies, the first ones excepted.
 *
 * <p>Copies inside an epoch are counted beside the epoch's slot, all of them, whichever threads
 * make them, and whether somebody records or not: to ask costs more than to count. So what is
 * counted when a recording begins may be of the time before, and is not told. What takes longer is
 * counted after it, if somebody records, and without synchronising: copies that threads make at the
 * same moment may be counted once there.
 */
public final class CopyCounter {

  /** Copies are counted above this bit and bytes below it, in one addition. */
  private static final int COPIES_SHIFT = 44;

  /** The sums of the slots. */
  private static final int IN = 0;

  private static final int OUT = 1;

  private static final long ONE_COPY = 1L << COPIES_SHIFT;
  private static final long MOST_COPIES = 1024 * ONE_COPY;

  /** How many copies it takes to find out that a recording has begun. */
  private static final long MOST_UNASKED_COPIES = 256 * ONE_COPY;

  private final Epochs epochs;
  private final int sum;
  private final boolean fromProgram;
  private long most = ONE_COPY;
  private long counted;

  /** Whether what is counted since the last time is known to be of a recording. */
  private boolean recorded = isWanted();

  /**
   * Creates a counter of the copies from the program, or of those to it.
   *
   * @param epochs where copies of the address space are made; one counter a direction may use them
   */
  public CopyCounter(Epochs epochs, boolean fromProgram) {
    this.epochs = epochs;
    this.fromProgram = fromProgram;
    this.sum = fromProgram ? IN : OUT;
  }

  /**
   * Counts a copy from the program inside the epoch that it is made in.
   *
   * @param epochs where the copy is made
   * @param slot the epoch's
   * @param moved how many bytes it moved
   * @return whether to {@link #tell} when the epoch has been left
   */
  public static boolean countIn(Epochs epochs, int slot, long moved) {
    return epochs.add(slot, IN, ONE_COPY + moved);
  }

  /** Counts a copy to the program as {@link #countIn} counts one from it. */
  public static boolean countOut(Epochs epochs, int slot, long moved) {
    return epochs.add(slot, OUT, ONE_COPY + moved);
  }

  /**
   * Counts a copy, outside any epoch.
   *
   * @param address the guest address that it began at
   * @param moved how many bytes it moved
   * @return {@code moved}
   */
  public long count(long address, long moved) {
    if (isWanted() && (counted += ONE_COPY + moved) >= most) {
      tell(address);
    }
    return moved;
  }

  /** Counts a copy of ranges, outside any epoch; returns {@code moved}. */
  public long count(AddrRangeSeq ranges, long moved) {
    return count(ranges.isEmpty() ? 0 : ranges.start(0), moved);
  }

  /**
   * Tells of the copies since the last time, if a recording wants to know.
   *
   * @param address the guest address that the last of them began at
   */
  public void tell(long address) {
    boolean told = recorded;
    recorded = isWanted();
    if (!recorded) {
      most = MOST_UNASKED_COPIES;
    } else if (told) {
      most = Math.min(MOST_COPIES, most * 2);
    } else {
      most = ONE_COPY;
    }
    long total = counted + epochs.take(sum, most);
    counted = 0;
    if (told && recorded && total != 0) {
      commit(address, total);
    }
  }

  /** Asks the event, which is loaded only if somebody may record. */
  private static boolean isWanted() {
    return FlightRecorder.isInitialized() && CopyEvent.PROBE.isEnabled();
  }

  private void commit(long address, long total) {
    CopyEvent event = new CopyEvent();
    event.fromProgram = fromProgram;
    event.copies = total >>> COPIES_SHIFT;
    event.byteCount = total & (ONE_COPY - 1);
    event.address = address;
    event.commit();
  }

  /** Tells what has not been told yet, before the address space goes. */
  public void flush() {
    tell(0);
  }
}
