package org.usermem.kernel.futex;

import org.jspecify.annotations.Nullable;
import org.usermem.io.IO;

/**
 * A task that sleeps on a futex, or is about to. A waiter is on at most one futex at a time and may
 * be used again and again by the thread that it belongs to.
 */
public final class FutexWaiter {

  /** The lock that a sleeper without one will be moved to by FUTEX_CMP_REQUEUE_PI. */
  record PiTarget(FutexKey key, IO io, long addr) {}

  final Runnable wakeUp;
  final int tid;

  volatile @Nullable FutexBucket bucket;
  private volatile boolean woken;

  @Nullable FutexKey key;
  int bitset;
  @Nullable FutexWaiter previous;
  @Nullable FutexWaiter next;

  /** Where the word of the lock is that this sleeper queues for; null for a plain futex. */
  @Nullable PiTarget lockedTarget;

  /** Where it may be moved to; null unless it waits in FUTEX_WAIT_REQUEUE_PI. */
  @Nullable PiTarget requeueTarget;

  /** The key that was asked for last, by the thread that the waiter belongs to. */
  private @Nullable FutexKey lastKey;

  /** Task that held the lock when this sleeper queued for it. */
  int ownerTid;

  /**
   * Makes a waiter that sleeps on nothing.
   *
   * @param tid the task's number, which the word of a priority-inheriting lock holds
   * @param wakeUp makes the task look at {@link #isWoken()}; quick, takes no lock
   */
  public FutexWaiter(int tid, Runnable wakeUp) {
    this.tid = tid;
    this.wakeUp = wakeUp;
  }

  /**
   * Returns the key of a futex, the same object as long as the futex is the same: who waits on one
   * again and again allocates nothing. For the thread that the waiter belongs to.
   *
   * @param space the address space, or what is mapped
   * @param offset the address, or the offset in what is mapped
   * @return the key
   */
  @SuppressWarnings("ReferenceEquality") // An equal one is as good, and a new key as right.
  public FutexKey keyOf(Object space, long offset) {
    FutexKey last = lastKey;
    if (last == null || last.space() != space || last.offset() != offset) {
      last = new FutexKey(space, offset);
      lastKey = last;
    }
    return last;
  }

  /**
   * Returns whether the waiter was woken; for a priority-inheriting lock, that it holds the lock
   * now.
   *
   * @return whether it was
   */
  public boolean isWoken() {
    return woken;
  }

  boolean isOn(FutexKey other) {
    FutexKey own = key;
    return own != null && own.equals(other);
  }

  void prepareLocked(FutexKey newKey, int newBitset) {
    woken = false;
    key = newKey;
    bitset = newBitset;
    lockedTarget = null;
    requeueTarget = null;
    ownerTid = 0;
  }

  boolean isForLock() {
    return lockedTarget != null || requeueTarget != null;
  }

  /** Marks the waiter woken. The caller has removed it from its bucket. */
  void wakeLocked() {
    woken = true;
    wakeUp.run();
  }
}
