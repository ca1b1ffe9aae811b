package org.usermem.kernel.signal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The number of signals that one user has queued, held against RLIMIT_SIGPENDING. Safe for use by
 * several threads.
 */
public final class QueueQuota {

  private final AtomicLong used = new AtomicLong();

  /** Makes a quota of which nothing is used. */
  public QueueQuota() {}

  /**
   * Counts one signal unless the limit is reached.
   *
   * @param limit how many there may be, unsigned
   * @return whether it was counted
   */
  public boolean tryCharge(long limit) {
    if (Long.compareUnsigned(used.incrementAndGet(), limit) <= 0) {
      return true;
    }
    used.decrementAndGet();
    return false;
  }

  /** Takes back one count. */
  public void release() {
    used.decrementAndGet();
  }

  /**
   * Returns how many are queued.
   *
   * @return the count
   */
  public long used() {
    return used.get();
  }
}
