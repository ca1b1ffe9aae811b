package org.usermem.kernel.futex;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IO;
import org.usermem.io.IOOpts;

/**
 * Futexes that are locks: the word holds the owner's task number (futex(2), "Priority-inheritance
 * futexes"). Ownership passes to the longest sleeper in the kernel; there are no priorities to
 * inherit. Safe for use by several threads.
 */
public final class PiFutexes {

  /** Bits of the word that hold the owner. */
  public static final int TID_MASK = 0x3fff_ffff;

  /** The owner died while it held the lock. */
  public static final int OWNER_DIED = 0x4000_0000;

  /** Somebody sleeps in the kernel: unlocking needs a system call. */
  public static final int WAITERS = 0x8000_0000;

  /** What is known of a task that a word names as the owner. */
  public enum Owner {
    /** It runs. */
    ALIVE,
    /** It is on its way out and has handed its locks over already. */
    EXITING,
    /** There is none. */
    NONE
  }

  /** Looks up owners. */
  @FunctionalInterface
  public interface Owners {
    /**
     * Returns what is known of a task; called while a bucket is locked, so it takes no lock that is
     * held around futex operations.
     *
     * @param tid a task's number
     * @return its state
     */
    Owner state(int tid);
  }

  private final FutexTable table;

  /** Sleepers for locks: with none, the end of a task costs nothing here. */
  private final AtomicInteger sleepers = new AtomicInteger();

  PiFutexes(FutexTable table) {
    this.table = table;
  }

  /**
   * Takes a lock, or queues for it (FUTEX_LOCK_PI, FUTEX_TRYLOCK_PI).
   *
   * @param waiter the waiter; its task number becomes the owner
   * @param key the futex
   * @param io memory of the task
   * @param addr address of the word
   * @param onlyTry whether to fail rather than queue
   * @param owners looks up the owner
   * @return whether the lock is taken; otherwise the waiter is queued, and holds the lock once it
   *     is woken
   * @throws LinuxException EDEADLK if the task holds the lock; ESRCH if the owner does not exist;
   *     EAGAIN if the owner is on its way out, or the lock is held and {@code onlyTry}; EFAULT
   */
  public boolean lock(
      FutexWaiter waiter, FutexKey key, IO io, long addr, boolean onlyTry, Owners owners) {
    io.loadInt(addr, IOOpts.DEFAULT);
    FutexBucket bucket = table.bucket(key);
    boolean queued = false;
    bucket.waiters.incrementAndGet();
    bucket.lock.lock();
    try {
      if (!acquireLocked(bucket, waiter, key, io, addr, onlyTry, owners)) {
        queued = true;
        enqueueLocked(bucket, waiter, new FutexWaiter.PiTarget(key, io, addr));
      }
      return !queued;
    } finally {
      bucket.lock.unlock();
      if (!queued) {
        bucket.waiters.decrementAndGet();
      }
    }
  }

  /**
   * Gives a lock up (FUTEX_UNLOCK_PI): the longest sleeper becomes the owner.
   *
   * @param key the futex
   * @param io memory of the task
   * @param addr address of the word
   * @param tid the task, which must be the owner
   * @throws LinuxException EPERM if it is not; EFAULT
   */
  public void unlock(FutexKey key, IO io, long addr, int tid) {
    FutexBucket bucket = table.bucket(key);
    bucket.lock.lock();
    try {
      if ((io.loadInt(addr, IOOpts.DEFAULT) & TID_MASK) != tid) {
        throw LinuxException.of(Errno.EPERM);
      }
      handOverLocked(bucket, key, io, addr, 0);
    } finally {
      bucket.lock.unlock();
    }
  }

  /**
   * Puts a waiter to sleep on a plain futex from which it will be moved to a lock
   * (FUTEX_WAIT_REQUEUE_PI).
   *
   * @param waiter the waiter
   * @param key the plain futex
   * @param io memory of the task
   * @param addr address of its word
   * @param expected the value it must have
   * @param bitset which wake-ups it listens to
   * @param lockKey the lock
   * @param lockAddr address of its word
   * @throws LinuxException EINVAL if both are the same; EAGAIN if the word has another value;
   *     EFAULT
   */
  public void enqueueForRequeue(
      FutexWaiter waiter,
      FutexKey key,
      IO io,
      long addr,
      int expected,
      int bitset,
      FutexKey lockKey,
      long lockAddr) {
    if (key.equals(lockKey)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    FutexBucket bucket = table.bucket(key);
    bucket.lock.lock();
    try {
      if (io.loadInt(addr, IOOpts.DEFAULT) != expected) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      bucket.waiters.incrementAndGet();
      waiter.prepareLocked(key, bitset);
      waiter.requeueTarget = new FutexWaiter.PiTarget(lockKey, io, lockAddr);
      bucket.addLocked(waiter);
    } finally {
      bucket.lock.unlock();
    }
  }

  /**
   * Moves sleepers of a plain futex to a lock; the first gets the lock at once if it is free
   * (FUTEX_CMP_REQUEUE_PI).
   *
   * @param from the plain futex
   * @param to the lock
   * @param check compares the plain futex's word
   * @param io memory of the task
   * @param lockAddr address of the lock's word
   * @param requeueMaximum how many to move at most, beyond the one that gets the lock
   * @param owners looks up the owner
   * @return how many got the lock or were moved
   * @throws LinuxException EINVAL if a sleeper expects another lock; EAGAIN if the check fails;
   *     ESRCH if the owner does not exist; EFAULT
   */
  public int requeue(
      FutexKey from,
      FutexKey to,
      FutexTable.WordCheck check,
      IO io,
      long lockAddr,
      int requeueMaximum,
      Owners owners) {
    if (requeueMaximum < 0 || from.equals(to)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    FutexBucket source = table.bucket(from);
    FutexBucket target = table.bucket(to);
    target.waiters.incrementAndGet();
    FutexBucket.lockBoth(source, target);
    try {
      check.verify();
      return requeueLocked(source, target, from, to, io, lockAddr, requeueMaximum, owners);
    } finally {
      FutexBucket.unlockBoth(source, target);
      target.waiters.decrementAndGet();
    }
  }

  private int requeueLocked(
      FutexBucket source,
      FutexBucket target,
      FutexKey from,
      FutexKey to,
      IO io,
      long lockAddr,
      int requeueMaximum,
      Owners owners) {
    int done = 0;
    int moved = 0;
    FutexWaiter waiter = source.findLocked(from);
    while (waiter != null && moved <= requeueMaximum) {
      FutexWaiter after = waiter.next;
      FutexWaiter.PiTarget lock = waiter.requeueTarget;
      if (lock == null || !lock.key().equals(to)) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if (done == 0 && acquireLocked(target, waiter, to, io, lockAddr, false, owners)) {
        source.removeLocked(waiter);
        waiter.wakeLocked();
      } else {
        if (moved == requeueMaximum) {
          break;
        }
        setWaitersBit(io, lockAddr);
        FutexTable.moveLocked(waiter, source, target, to);
        waiter.requeueTarget = null;
        waiter.lockedTarget = lock;
        waiter.ownerTid = io.loadInt(lockAddr, IOOpts.DEFAULT) & TID_MASK;
        sleepers.incrementAndGet();
        moved++;
      }
      done++;
      waiter = FutexBucket.findAfterLocked(after, from);
    }
    return done;
  }

  /**
   * Hands over every lock that a dead task held and for which somebody sleeps ({@code
   * exit_pi_state_list}). Locks that nobody sleeps for are the robust list's business.
   *
   * @param tid the task, whose state {@link Owners} no longer report as alive
   */
  public void releaseAllOf(int tid) {
    if (sleepers.get() == 0) {
      return;
    }
    for (FutexBucket bucket : table.buckets()) {
      bucket.lock.lock();
      try {
        releaseAllLocked(bucket, tid);
      } finally {
        bucket.lock.unlock();
      }
    }
  }

  private void releaseAllLocked(FutexBucket bucket, int tid) {
    FutexWaiter waiter = bucket.firstLocked();
    while (waiter != null) {
      FutexWaiter.PiTarget lock = waiter.lockedTarget;
      if (lock != null && waiter.ownerTid == tid) {
        try {
          handOverLocked(bucket, lock.key(), lock.io(), lock.addr(), OWNER_DIED);
        } catch (LinuxException e) {
          // The word is gone; nobody can take this lock any more, so let the sleeper find out.
          bucket.removeLocked(waiter);
          forgetLocked(waiter);
          waiter.wakeLocked();
        }
        waiter = bucket.firstLocked();
      } else {
        waiter = waiter.next;
      }
    }
  }

  /** Called for a waiter that leaves its queue without the lock. */
  void forgetLocked(FutexWaiter waiter) {
    if (waiter.lockedTarget != null) {
      waiter.lockedTarget = null;
      sleepers.decrementAndGet();
    }
  }

  private void enqueueLocked(FutexBucket bucket, FutexWaiter waiter, FutexWaiter.PiTarget target) {
    waiter.prepareLocked(target.key(), FutexTable.MATCH_ANY);
    waiter.lockedTarget = target;
    waiter.ownerTid = target.io().loadInt(target.addr(), IOOpts.DEFAULT) & TID_MASK;
    sleepers.incrementAndGet();
    bucket.addLocked(waiter);
  }

  /** Takes the lock for a waiter if it is free, else announces a sleeper in its word. */
  private boolean acquireLocked(
      FutexBucket bucket,
      FutexWaiter waiter,
      FutexKey key,
      IO io,
      long addr,
      boolean onlyTry,
      Owners owners) {
    int word = io.loadInt(addr, IOOpts.DEFAULT);
    while (true) {
      int owner = word & TID_MASK;
      if (owner == waiter.tid) {
        throw LinuxException.of(Errno.EDEADLK);
      }
      int next;
      if (owner == 0) {
        next = (word & OWNER_DIED) | waiter.tid | (hasSleeper(bucket, key, waiter) ? WAITERS : 0);
      } else if (onlyTry) {
        throw LinuxException.of(Errno.EAGAIN);
      } else {
        checkOwner(owners.state(owner));
        next = word | WAITERS;
      }
      int seen = io.compareAndExchangeInt(addr, word, next, IOOpts.DEFAULT);
      if (seen == word) {
        return owner == 0;
      }
      word = seen;
    }
  }

  private static void checkOwner(Owner owner) {
    switch (owner) {
      case ALIVE -> {}
      case EXITING -> throw LinuxException.of(Errno.EAGAIN);
      case NONE -> throw LinuxException.of(Errno.ESRCH);
    }
  }

  private static boolean hasSleeper(FutexBucket bucket, FutexKey key, FutexWaiter except) {
    FutexWaiter waiter = bucket.findLocked(key);
    while (waiter == except && waiter != null) {
      waiter = FutexBucket.findAfterLocked(waiter.next, key);
    }
    return waiter != null;
  }

  private static void setWaitersBit(IO io, long addr) {
    int word = io.loadInt(addr, IOOpts.DEFAULT);
    while ((word & WAITERS) == 0) {
      int seen = io.compareAndExchangeInt(addr, word, word | WAITERS, IOOpts.DEFAULT);
      if (seen == word) {
        return;
      }
      word = seen;
    }
  }

  private void handOverLocked(FutexBucket bucket, FutexKey key, IO io, long addr, int extraBits) {
    FutexWaiter heir = bucket.findLocked(key);
    if (heir != null && heir.lockedTarget == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int next = extraBits;
    if (heir != null) {
      next |= heir.tid | WAITERS;
    }
    int word = io.loadInt(addr, IOOpts.DEFAULT);
    while (true) {
      int seen = io.compareAndExchangeInt(addr, word, next, IOOpts.DEFAULT);
      if (seen == word) {
        break;
      }
      word = seen;
    }
    if (heir != null) {
      wakeHeirLocked(bucket, key, heir);
    }
  }

  private void wakeHeirLocked(FutexBucket bucket, FutexKey key, FutexWaiter heir) {
    bucket.removeLocked(heir);
    forgetLocked(heir);
    heir.wakeLocked();
    @Nullable FutexWaiter waiter = bucket.findLocked(key);
    while (waiter != null) {
      waiter.ownerTid = heir.tid;
      waiter = FutexBucket.findAfterLocked(waiter.next, key);
    }
  }
}
