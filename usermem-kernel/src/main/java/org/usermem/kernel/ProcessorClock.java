package org.usermem.kernel;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.usermem.kernel.time.Clocks;
import org.usermem.kernel.time.TimeSource;

/** Processor time as a clock: it stands still while nobody runs and races while several do. */
final class ProcessorClock implements TimeSource {

  /** Looking more often than Linux's tick would be no more exact than that. */
  private static final long TICK_NANOS = 4_000_000;

  private final LongSupplier first;
  private final LongSupplier second;
  private final IntSupplier runners;

  /**
   * Makes a clock that shows a sum.
   *
   * @param first one part of the time, in nanoseconds
   * @param second the other part
   * @param runners how many tasks may add to it at once, at least 1
   */
  ProcessorClock(LongSupplier first, LongSupplier second, IntSupplier runners) {
    this.first = first;
    this.second = second;
    this.runners = runners;
  }

  @Override
  public long nanos() {
    return first.getAsLong() + second.getAsLong();
  }

  @Override
  public long earliestArrival(long deadline) {
    long left = Math.max(deadline - nanos(), 0) / runners.getAsInt();
    return Clocks.deadlineAfter(Math.max(left, TICK_NANOS));
  }
}
