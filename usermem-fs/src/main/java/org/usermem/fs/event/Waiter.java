package org.usermem.fs.event;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a {@link WaitQueue}: what to call when one of some events happens. A waiter is on at
 * most one queue at a time and may be registered again after it was unregistered.
 */
public abstract class Waiter {

  private final int mask;
  private final boolean exclusive;

  // Links and owner: written under the lock of the queue that the waiter is on.
  volatile @Nullable WaitQueue queue;
  @Nullable Waiter previous;
  @Nullable Waiter next;

  /**
   * Creates a waiter that is called for every event of its mask.
   *
   * @param mask bits of {@link Readiness}
   */
  protected Waiter(int mask) {
    this(mask, false);
  }

  /**
   * Creates a waiter.
   *
   * @param mask bits of {@link Readiness}
   * @param exclusive whether one event needs to reach only one waiter of this kind (EPOLLEXCLUSIVE)
   */
  protected Waiter(int mask, boolean exclusive) {
    this.mask = mask;
    this.exclusive = exclusive;
  }

  /**
   * Is told that events have happened; see {@link WaitQueue} for what may be done here.
   *
   * @param events all events of the notification, at least one of them in {@link #mask()}
   * @return whether the event was taken up; looked at for exclusive waiters only
   */
  protected abstract boolean wake(int events);

  /**
   * Returns the events that this waiter is called for.
   *
   * @return bits of {@link Readiness}
   */
  public final int mask() {
    return mask;
  }

  /**
   * Returns whether one event needs to reach only one waiter of this kind.
   *
   * @return whether the waiter is exclusive
   */
  public final boolean exclusive() {
    return exclusive;
  }

  /**
   * Creates a waiter from a callback.
   *
   * @param mask bits of {@link Readiness}
   * @param action what to run on each event
   * @return a waiter on no queue
   */
  public static Waiter of(int mask, Runnable action) {
    return new Waiter(mask) {
      @Override
      protected boolean wake(int events) {
        action.run();
        return true;
      }
    };
  }
}
