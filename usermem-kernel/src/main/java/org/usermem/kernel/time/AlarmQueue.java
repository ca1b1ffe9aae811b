package org.usermem.kernel.time;

import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs callbacks at monotonic times. The thread starts with the first alarm. A
 * callback may set and cancel alarms; it runs without a lock of this class, so that cancelling does
 * not wait for it and it must bear to come once too often. Safe for use by several threads.
 */
public final class AlarmQueue implements AutoCloseable {

  /** A callback and when it is due. */
  public final class Alarm {
    private final Runnable callback;
    private long deadline = Clocks.NEVER;
    private boolean queued;

    private Alarm(Runnable callback) {
      this.callback = callback;
    }

    /**
     * Sets or moves the time.
     *
     * @param monotonicNanos when to call; {@link Clocks#NEVER} cancels
     */
    public void set(long monotonicNanos) {
      lock.lock();
      try {
        removeLocked();
        if (monotonicNanos == Clocks.NEVER || closed) {
          return;
        }
        deadline = monotonicNanos;
        queued = true;
        alarms.add(this);
        startLocked();
        if (alarms.peek() == this) {
          changed.signal();
        }
      } finally {
        lock.unlock();
      }
    }

    /** Forgets the time, if one is set. */
    public void cancel() {
      set(Clocks.NEVER);
    }

    private void removeLocked() {
      if (queued) {
        alarms.remove(this);
        queued = false;
      }
    }
  }

  private static final System.Logger LOG = System.getLogger(AlarmQueue.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>((a, b) -> Long.compare(a.deadline, b.deadline));
  private final String threadName;
  private @Nullable Thread thread;
  private boolean closed;

  /**
   * Makes an empty queue.
   *
   * @param threadName name of the thread that will run the callbacks
   */
  public AlarmQueue(String threadName) {
    this.threadName = threadName;
  }

  /**
   * Makes an alarm that is not set.
   *
   * @param callback what to run; quick, and never blocking on a guest
   * @return the alarm
   */
  public Alarm newAlarm(Runnable callback) {
    return new Alarm(callback);
  }

  /** Drops every alarm and ends the thread; a callback under way runs to its end. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      for (Alarm alarm : alarms) {
        alarm.queued = false;
      }
      alarms.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void startLocked() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name(threadName).start(this::run);
    }
  }

  private void run() {
    for (Alarm due = take(); due != null; due = take()) {
      try {
        due.callback.run();
      } catch (RuntimeException | Error e) {
        // One timer that fails must not silence all others, nor leave them without their thread.
        LOG.log(System.Logger.Level.ERROR, "a timer's callback failed", e);
      }
    }
  }

  private @Nullable Alarm take() {
    lock.lock();
    try {
      while (!closed) {
        Alarm first = alarms.peek();
        if (first == null) {
          changed.awaitUninterruptibly();
          continue;
        }
        long wait = first.deadline - Clocks.monotonicNanos();
        if (first.deadline <= Clocks.monotonicNanos()) {
          first.removeLocked();
          return first;
        }
        awaitNanos(wait);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits a while, or less: the caller looks at the queue again whatever ended the wait. */
  @SuppressWarnings("WaitNotInLoop")
  private void awaitNanos(long nanos) {
    try {
      long left = changed.awaitNanos(nanos);
      assert left <= nanos;
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody did, looking again is harmless.
      return;
    }
  }
}
