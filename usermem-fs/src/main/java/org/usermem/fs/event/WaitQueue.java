package org.usermem.fs.event;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The waiters of one file (or of anything else that becomes ready), as Linux's {@code
 * wait_queue_head_t}.
 *
 * <p>Whoever waits first {@linkplain #register registers} a {@link Waiter}, then looks whether the
 * condition holds already, then sleeps: so no notification is lost. Whoever makes the condition
 * true does so first and {@linkplain #notify(int) notifies} afterwards.
 *
 * <p>Callbacks run in {@code notify} under the queue's lock. They must be short, must not block and
 * must not register or unregister on the same queue. Notifying may be done while other locks are
 * held; the queue's lock is a leaf but for what callbacks take.
 *
 * <p>Thread safety: all methods may be called by any thread at any time.
 */
public final class WaitQueue {

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Waiter first;
  private @Nullable Waiter last;

  // Union of the masks of all waiters; read without the lock so that notifying nobody is one load.
  private volatile int interest;

  /** Creates an empty queue. */
  public WaitQueue() {}

  /**
   * Adds a waiter at the end of the queue.
   *
   * @param waiter a waiter that is on no queue
   * @throws IllegalStateException if the waiter is on a queue already
   */
  public void register(Waiter waiter) {
    lock.lock();
    try {
      if (waiter.queue != null) {
        throw new IllegalStateException("the waiter is on a queue already: " + waiter);
      }
      waiter.queue = this;
      waiter.previous = last;
      if (last == null) {
        first = waiter;
      } else {
        last.next = waiter;
      }
      last = waiter;
      interest |= waiter.mask();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes a waiter. When this returns, its callback is not running and will not run. Does nothing
   * if the waiter is not on this queue.
   *
   * @param waiter the waiter
   */
  public void unregister(Waiter waiter) {
    lock.lock();
    try {
      if (waiter.queue != this) {
        return;
      }
      unlink(waiter);
      int union = 0;
      for (Waiter other = first; other != null; other = other.next) {
        union |= other.mask();
      }
      interest = union;
    } finally {
      lock.unlock();
    }
  }

  private void unlink(Waiter waiter) {
    Waiter previous = waiter.previous;
    Waiter next = waiter.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      last = previous;
    } else {
      next.previous = previous;
    }
    waiter.previous = null;
    waiter.next = null;
    waiter.queue = null;
  }

  /**
   * Calls every waiter that is interested in at least one of some events, in order of registration.
   * Of the {@linkplain Waiter#exclusive() exclusive} ones only those up to the first that accepts
   * the event are called.
   *
   * @param events bits of {@link Readiness} that have become true
   * @return whether any of them accepted the event
   */
  public boolean notify(int events) {
    return (interest & events) != 0 && notifySlow(events);
  }

  private boolean notifySlow(int events) {
    lock.lock();
    try {
      boolean accepted = false;
      boolean exclusivelyAccepted = false;
      for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
        int hit = waiter.mask() & events;
        if (hit == 0 || (waiter.exclusive() && exclusivelyAccepted)) {
          continue;
        }
        if (waiter.wake(events)) {
          accepted = true;
          exclusivelyAccepted |= waiter.exclusive();
        }
      }
      return accepted;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the events that at least one waiter is interested in; exact only for a caller that
   * excludes registration.
   *
   * @return bits of {@link Readiness}; 0 if nobody waits
   */
  public int interest() {
    return interest;
  }
}
