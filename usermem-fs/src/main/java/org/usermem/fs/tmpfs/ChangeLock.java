package org.usermem.fs.tmpfs;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time change a file ({@code i_rwsem} of Linux, for writing). It is left by a
 * release store: a volatile one would wait until the bytes that were written have left the
 * processor, which takes as long as to write them.
 *
 * <p>So whoever leaves may look for somebody who waits before the store is seen, and miss one who
 * has looked at the lock before that too. Nobody is lost by it: whoever waits looks again after a
 * millisecond, and looks for some time before it sleeps at all, while the store is certain to be
 * seen. Neither can the changes of two threads mix: the lock is taken by a compare-and-set.
 *
 * <p>Not reentrant, and not fair.
 */
final class ChangeLock {

  private static final int LOOKS_BEFORE_SLEEP = 200;
  private static final long LONGEST_SLEEP_NANOS = 1_000_000;

  /** Whether somebody has the lock. */
  private final AtomicBoolean held = new AtomicBoolean();

  /** Held by the one who waits for the lock; the others wait for this. */
  private final ReentrantLock turn = new ReentrantLock();

  /** Who waits for the lock, if anybody does. */
  private volatile @Nullable Thread waiting;

  /** Takes the lock, after whoever has it. */
  void lock() {
    if (!held.compareAndSet(false, true)) {
      lockSlow();
    }
  }

  private void lockSlow() {
    boolean interrupted = false;
    turn.lock();
    try {
      waiting = Thread.currentThread();
      for (int looks = 0; !held.compareAndSet(false, true); looks++) {
        if (looks < LOOKS_BEFORE_SLEEP) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(this, LONGEST_SLEEP_NANOS);
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      waiting = null;
      turn.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives the lock back; only for whoever has taken it. */
  void unlock() {
    held.setRelease(false);
    Thread sleeper = waiting;
    if (sleeper != null) {
      LockSupport.unpark(sleeper);
    }
  }
}
