package org.usermem.kernel.time;

/** A clock that timers can wait for: wall clocks and the processor time of tasks. */
public interface TimeSource {

  /**
   * Returns the time.
   *
   * @return nanoseconds since the clock's own zero
   */
  long nanos();

  /**
   * Returns when the clock can reach a time at the earliest. A clock of processor time stands still
   * while its tasks sleep, so whoever waits looks again then and may have to wait on.
   *
   * @param deadline a time of this clock, in nanoseconds
   * @return a time of {@link Clocks#monotonicNanos()}
   */
  long earliestArrival(long deadline);
}
