package org.usermem.linux.sysv;

import java.util.concurrent.atomic.AtomicLong;

/** What may be taken of something that is limited, by all namespaces together. Thread-safe. */
public final class Budget {
  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  Budget(long limit) {
    this.limit = limit;
  }

  /** Takes an amount, and returns whether there was that much left. */
  public boolean take(long amount) {
    if (taken.addAndGet(amount) <= limit) {
      return true;
    }
    taken.addAndGet(-amount);
    return false;
  }

  /** Gives an amount back. */
  public void giveBack(long amount) {
    taken.addAndGet(-amount);
  }
}
