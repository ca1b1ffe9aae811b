package org.usermem.kernel.futex;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The sleepers of all keys with one hash, in the order in which they came. */
final class FutexBucket {

  final ReentrantLock lock = new ReentrantLock();

  /** Position among the buckets: two are locked in this order. */
  final int index;

  /**
   * Sleepers that are in the list or about to look at their word. It is raised before the sleeper
   * reads the word and read after a waker has changed it, both with a full fence between, so that
   * one of the two sees the other ({@code futex_hb_waiters_pending}).
   */
  final AtomicInteger waiters = new AtomicInteger();

  private @Nullable FutexWaiter first;
  private @Nullable FutexWaiter last;

  FutexBucket(int index) {
    this.index = index;
  }

  @Nullable FutexWaiter firstLocked() {
    return first;
  }

  @Nullable FutexWaiter findLocked(FutexKey key) {
    return findAfterLocked(first, key);
  }

  /** Returns the first sleeper on a key at or behind another. */
  static @Nullable FutexWaiter findAfterLocked(@Nullable FutexWaiter from, FutexKey key) {
    FutexWaiter waiter = from;
    while (waiter != null && !waiter.isOn(key)) {
      waiter = waiter.next;
    }
    return waiter;
  }

  void addLocked(FutexWaiter waiter) {
    waiter.bucket = this;
    waiter.previous = last;
    waiter.next = null;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
  }

  void removeLocked(FutexWaiter waiter) {
    FutexWaiter before = waiter.previous;
    FutexWaiter after = waiter.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    waiter.previous = null;
    waiter.next = null;
    waiter.bucket = null;
    waiters.decrementAndGet();
  }

  static void lockBoth(FutexBucket one, FutexBucket other) {
    if (one.index <= other.index) {
      one.lock.lock();
      if (one != other) {
        other.lock.lock();
      }
    } else {
      other.lock.lock();
      one.lock.lock();
    }
  }

  static void unlockBoth(FutexBucket one, FutexBucket other) {
    one.lock.unlock();
    if (one != other) {
      other.lock.unlock();
    }
  }
}
