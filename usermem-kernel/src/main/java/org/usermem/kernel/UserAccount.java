package org.usermem.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import org.usermem.kernel.signal.QueueQuota;

/** What one real user has of what is limited by user ({@code struct user_struct}). */
final class UserAccount {

  private final AtomicInteger tasks = new AtomicInteger();
  private final QueueQuota signals = new QueueQuota();

  QueueQuota signals() {
    return signals;
  }

  /**
   * Returns whether there are more tasks than RLIMIT_NPROC allows.
   *
   * @param limit unsigned
   */
  boolean exceeds(long limit) {
    return Long.compareUnsigned(tasks.get(), limit) > 0;
  }

  void taskBegun() {
    tasks.incrementAndGet();
  }

  void taskEnded() {
    tasks.decrementAndGet();
  }
}
