package org.usermem.platform.systrap;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The cores of the machine, as far as guests and spinners of a platform occupy them: there are
 * never more spinners than cores left over.
 *
 * <p>Thread safety: every method from any thread. The counts may be a moment old.
 */
final class Cores {

  private final int count;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger spinning = new AtomicInteger();

  Cores(int count) {
    this.count = count;
  }

  /** Says that a guest thread starts to run. */
  void guestRuns() {
    running.incrementAndGet();
  }

  /** Says that a guest thread has stopped. */
  void guestStopped() {
    running.decrementAndGet();
  }

  /** Takes a core to spin on, if there is one; to be given back by {@link #endSpin}. */
  boolean trySpin() {
    if (spinning.incrementAndGet() + running.get() <= count) {
      return true;
    }
    spinning.decrementAndGet();
    return false;
  }

  /** Gives back what {@link #trySpin} has taken. */
  void endSpin() {
    spinning.decrementAndGet();
  }

  /** Returns whether a guest thread may spin while the sentry serves it. */
  boolean guestMaySpin() {
    return running.get() + spinning.get() < count;
  }
}
