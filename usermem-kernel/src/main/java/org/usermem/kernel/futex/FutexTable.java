package org.usermem.kernel.futex;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IO;
import org.usermem.io.IOOpts;

/**
 * All futexes of a kernel (futex(2), Linux kernel/futex). A word is read while its bucket is
 * locked, so that no wake-up is lost between the comparison and the sleep. Lock order: a bucket,
 * then whatever the address space needs to make the word resident. Safe for use by several threads.
 */
public final class FutexTable {

  /** The bitset of FUTEX_WAIT and FUTEX_WAKE: matches every other. */
  public static final int MATCH_ANY = -1;

  private static final int BUCKET_COUNT = 256;

  private final FutexBucket[] buckets = new FutexBucket[BUCKET_COUNT];
  private final PiFutexes pi = new PiFutexes(this);

  /** Makes a table without sleepers. */
  public FutexTable() {
    for (int index = 0; index < BUCKET_COUNT; index++) {
      buckets[index] = new FutexBucket(index);
    }
  }

  /**
   * Returns the futexes that are locks with priority inheritance.
   *
   * @return their operations
   */
  public PiFutexes pi() {
    return pi;
  }

  /**
   * Puts a waiter to sleep if the word has the value expected (FUTEX_WAIT). The caller then blocks
   * until {@link FutexWaiter#isWoken()} and calls {@link #dequeue} if it gives up.
   *
   * @param waiter the waiter, on no futex now
   * @param key the futex
   * @param io memory of the task
   * @param addr address of the word
   * @param expected the value
   * @param bitset which wake-ups it listens to
   * @throws LinuxException EAGAIN if the word has another value; EFAULT
   */
  public void enqueue(
      FutexWaiter waiter, FutexKey key, IO io, long addr, int expected, int bitset) {
    // Faults are taken here, where nobody waits for the bucket.
    if (io.loadInt(addr, IOOpts.DEFAULT) != expected) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    FutexBucket bucket = bucket(key);
    bucket.waiters.incrementAndGet();
    boolean queued = false;
    bucket.lock.lock();
    try {
      if (io.loadInt(addr, IOOpts.DEFAULT) != expected) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      waiter.prepareLocked(key, bitset);
      bucket.addLocked(waiter);
      queued = true;
    } finally {
      bucket.lock.unlock();
      if (!queued) {
        bucket.waiters.decrementAndGet();
      }
    }
  }

  /**
   * Takes a waiter off its futex.
   *
   * @param waiter the waiter
   * @return whether it was still asleep; if not, it has been woken
   */
  public boolean dequeue(FutexWaiter waiter) {
    while (true) {
      FutexBucket bucket = waiter.bucket;
      if (bucket == null) {
        return false;
      }
      bucket.lock.lock();
      try {
        if (waiter.bucket == bucket) {
          bucket.removeLocked(waiter);
          pi.forgetLocked(waiter);
          return true;
        }
      } finally {
        bucket.lock.unlock();
      }
      // Requeued in between: try again with the bucket that it is in now.
    }
  }

  /**
   * Wakes sleepers (FUTEX_WAKE, FUTEX_WAKE_BITSET).
   *
   * @param key the futex
   * @param bitset wakes those whose bitset has a bit in common
   * @param maximum how many at most; one even if that is not positive, as Linux does
   * @return how many were woken
   * @throws LinuxException EINVAL if somebody queues there for a priority-inheriting lock
   */
  public int wake(FutexKey key, int bitset, int maximum) {
    FutexBucket bucket = bucket(key);
    VarHandle.fullFence();
    return bucket.waiters.get() == 0 ? 0 : wakeSlow(bucket, key, bitset, maximum);
  }

  private static int wakeSlow(FutexBucket bucket, FutexKey key, int bitset, int maximum) {
    bucket.lock.lock();
    try {
      return wakeLocked(bucket, key, bitset, maximum);
    } finally {
      bucket.lock.unlock();
    }
  }

  private static int wakeLocked(FutexBucket bucket, FutexKey key, int bitset, int maximum) {
    int woken = 0;
    FutexWaiter waiter = bucket.findLocked(key);
    while (waiter != null) {
      FutexWaiter after = waiter.next;
      if (waiter.isForLock()) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if ((waiter.bitset & bitset) != 0) {
        bucket.removeLocked(waiter);
        waiter.wakeLocked();
        woken++;
        if (woken >= maximum) {
          break;
        }
      }
      waiter = FutexBucket.findAfterLocked(after, key);
    }
    return woken;
  }

  /**
   * Wakes some sleepers and moves others to a second futex (FUTEX_REQUEUE, FUTEX_CMP_REQUEUE).
   *
   * @param from the first futex
   * @param to the second
   * @param check compares the word of the first; null for FUTEX_REQUEUE
   * @param wakeMaximum how many to wake at most
   * @param requeueMaximum how many to move at most
   * @return how many were woken or moved
   * @throws LinuxException EINVAL for a negative count; EAGAIN if the check fails; EFAULT
   */
  public int requeue(
      FutexKey from, FutexKey to, @Nullable WordCheck check, int wakeMaximum, int requeueMaximum) {
    if (wakeMaximum < 0 || requeueMaximum < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    FutexBucket source = bucket(from);
    FutexBucket target = bucket(to);
    // As in enqueue: whoever sleeps on the target from now on must be seen by its wakers.
    target.waiters.incrementAndGet();
    FutexBucket.lockBoth(source, target);
    try {
      if (check != null) {
        check.verify();
      }
      return requeueLocked(source, target, from, to, wakeMaximum, requeueMaximum);
    } finally {
      FutexBucket.unlockBoth(source, target);
      target.waiters.decrementAndGet();
    }
  }

  private static int requeueLocked(
      FutexBucket source,
      FutexBucket target,
      FutexKey from,
      FutexKey to,
      int wakeMaximum,
      int requeueMaximum) {
    int done = 0;
    FutexWaiter waiter = source.findLocked(from);
    while (waiter != null && done - wakeMaximum < requeueMaximum) {
      FutexWaiter after = waiter.next;
      if (waiter.isForLock()) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if (done < wakeMaximum) {
        source.removeLocked(waiter);
        waiter.wakeLocked();
      } else {
        moveLocked(waiter, source, target, to);
      }
      done++;
      waiter = FutexBucket.findAfterLocked(after, from);
    }
    return done;
  }

  /** Moves a waiter; if both futexes share a bucket its place in the list stays. */
  static void moveLocked(FutexWaiter waiter, FutexBucket source, FutexBucket target, FutexKey key) {
    if (source != target) {
      target.waiters.incrementAndGet();
      source.removeLocked(waiter);
      target.addLocked(waiter);
    }
    waiter.key = key;
  }

  /**
   * Changes the word of a second futex, wakes sleepers of the first, and those of the second if the
   * word's old value passes a comparison (FUTEX_WAKE_OP).
   *
   * @param first the first futex
   * @param second the second
   * @param io memory of the task
   * @param secondAddr address of the second futex's word
   * @param wakeFirst how many of the first to wake at most
   * @param wakeSecond how many of the second to wake at most
   * @param encodedOperation operation, operand, comparison and comparand, as futex(2) encodes them
   * @return how many were woken
   * @throws LinuxException ENOSYS for an unknown operation; EFAULT
   */
  public int wakeOp(
      FutexKey first,
      FutexKey second,
      IO io,
      long secondAddr,
      int wakeFirst,
      int wakeSecond,
      int encodedOperation) {
    WakeOperation operation = WakeOperation.decode(encodedOperation);
    FutexBucket one = bucket(first);
    FutexBucket other = bucket(second);
    FutexBucket.lockBoth(one, other);
    try {
      boolean passes = operation.apply(io, secondAddr);
      int woken = wakeLocked(one, first, MATCH_ANY, wakeFirst);
      return passes ? woken + wakeLocked(other, second, MATCH_ANY, wakeSecond) : woken;
    } finally {
      FutexBucket.unlockBoth(one, other);
    }
  }

  /** The comparison of FUTEX_CMP_REQUEUE, made while both buckets are locked. */
  @FunctionalInterface
  public interface WordCheck {
    /**
     * Compares the word.
     *
     * @throws LinuxException EAGAIN if it has another value; EFAULT
     */
    void verify();

    /**
     * Returns a check of a word.
     *
     * @param io memory of the task
     * @param addr address of the word
     * @param expected the value it must have
     * @return the check
     */
    static WordCheck of(IO io, long addr, int expected) {
      return () -> {
        if (io.loadInt(addr, IOOpts.DEFAULT) != expected) {
          throw LinuxException.of(Errno.EAGAIN);
        }
      };
    }
  }

  FutexBucket bucket(FutexKey key) {
    int hash = key.hashCode();
    return buckets[(hash ^ hash >>> 16) & (BUCKET_COUNT - 1)];
  }

  FutexBucket[] buckets() {
    return buckets;
  }
}
