package org.usermem.platform.stub;

import java.util.concurrent.TimeUnit;

/**
 * What sharing a processor with others has cost a pair of threads, and what it has saved.
 *
 * <p>The Java thread gets the processor once for every stop of its guest thread, and once more
 * whenever it slept in a system call and was woken. Those who wake each other save something by
 * being together: a wake-up on a processor that sleeps. So a pair is crowded by those who run while
 * it waits, and not by one that wakes it and goes to sleep itself. Linux weighs the same in {@code
 * wake_affine} and {@code wake_wide}, from what it knows of single wake-ups.
 *
 * @param waitedNanos how long the threads of the pair wanted to run and had no processor
 * @param wakeUps how often somebody other than its guest has woken the Java thread
 */
record Crowding(long waitedNanos, long wakeUps) {

  /** What it takes to wake a processor, which a virtual machine leaves to its host. */
  private static final long WAKE_UP_NANOS = TimeUnit.MICROSECONDS.toNanos(30);

  /** Going elsewhere pays when it saves more than one part in so many of the time. */
  private static final int SHARE = 3;

  /**
   * Returns whether the pair would be better off elsewhere.
   *
   * @param elapsedNanos the time in which it waited and was woken
   */
  boolean pays(long elapsedNanos) {
    return waitedNanos - savedNanos() > elapsedNanos / SHARE;
  }

  /** Returns whether the pair, even if others give it its work, waits too long for it. */
  boolean isSevere(long elapsedNanos) {
    return waitedNanos > elapsedNanos / SHARE * 2;
  }

  /** Returns whether the pair, which is elsewhere, spends its time on being woken there. */
  boolean misses(long elapsedNanos) {
    return savedNanos() > elapsedNanos / SHARE;
  }

  private long savedNanos() {
    return Math.max(0, wakeUps) * WAKE_UP_NANOS;
  }
}
