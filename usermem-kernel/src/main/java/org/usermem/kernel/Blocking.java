package org.usermem.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.kernel.time.Clocks;
import org.usermem.kernel.time.TimeSource;

/**
 * How a task waits. All methods but {@link #wake()} run on the task's own thread. A wait never
 * loses a wake-up: whoever makes a condition true does so first and wakes the task afterwards, and
 * wake-ups are counted, for the permit of {@link LockSupport#park()} may be used up by a lock that
 * looking at the condition takes.
 */
public final class Blocking {

  /** How a wait ended. */
  public enum Outcome {
    /** The condition holds. */
    READY,
    /** The deadline passed. */
    TIMED_OUT,
    /** A signal, a stop or the end of the task is near. */
    INTERRUPTED
  }

  private final Task task;
  private final AtomicInteger wakeUps = new AtomicInteger();

  Blocking(Task task) {
    this.task = task;
  }

  /**
   * Waits until a condition holds, a time has come or a signal is pending.
   *
   * @param ready the condition; quick, without side effects
   * @param deadline a monotonic time, or {@link Clocks#NEVER}
   */
  public Outcome until(BooleanSupplier ready, long deadline) {
    return until(ready, deadline, false);
  }

  /**
   * Waits until a condition holds; of signals only SIGKILL ends the wait.
   *
   * @param ready the condition; quick, without side effects
   * @return READY or INTERRUPTED
   */
  public Outcome untilKilled(BooleanSupplier ready) {
    return until(ready, Clocks.NEVER, true);
  }

  private Outcome until(BooleanSupplier ready, long deadline, boolean onlyKill) {
    assert task.isOwnThread() : "waiting is for the task's own thread";
    if (ready.getAsBoolean()) {
      return Outcome.READY;
    }
    task.life.clock.sleep();
    task.life.setState(onlyKill ? TaskState.UNINTERRUPTIBLE : TaskState.SLEEPING);
    try {
      while (true) {
        int seen = wakeUps.get();
        if (ready.getAsBoolean()) {
          return Outcome.READY;
        }
        if (onlyKill ? task.isKilled() : task.signals().isInterrupted()) {
          return Outcome.INTERRUPTED;
        }
        long left = deadline == Clocks.NEVER ? Clocks.NEVER : deadline - Clocks.monotonicNanos();
        if (left <= 0) {
          return Outcome.TIMED_OUT;
        }
        if (wakeUps.get() == seen) {
          park(left);
        }
      }
    } finally {
      task.life.setState(TaskState.RUNNING);
      task.life.clock.wake();
    }
  }

  private void park(long nanos) {
    if (nanos == Clocks.NEVER) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
  }

  /** Makes the task look at its condition again; from any thread, under any lock. */
  public void wake() {
    wakeUps.incrementAndGet();
    Thread thread = task.runner.thread();
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Does an operation on a file, and as often as it says EAGAIN waits until the file is ready and
   * tries again: what a blocking read or write does.
   *
   * @param file the file
   * @param events bits of {@link Readiness} to wait for; those of {@link Readiness#ALWAYS} are
   *     waited for as well
   * @param deadline a monotonic time, or {@link Clocks#NEVER}
   * @param operation what to do
   * @return what the operation returned
   * @throws LinuxException EAGAIN at the deadline; what the operation throws
   * @throws SyscallRestart IF_HANDLER_ALLOWS on a signal
   */
  public long retry(FileDescription file, int events, long deadline, LongSupplier operation) {
    try {
      return operation.getAsLong();
    } catch (LinuxException e) {
      if (e.errno() != Errno.EAGAIN) {
        throw e;
      }
    }
    Notice notice = new Notice(events | Readiness.ALWAYS);
    file.register(notice);
    try {
      return retrySlow(notice, deadline, operation);
    } finally {
      file.unregister(notice);
    }
  }

  /**
   * The same on a queue rather than a file.
   *
   * @param queue where readiness is announced
   * @param events bits of {@link Readiness} to wait for
   * @param deadline a monotonic time, or {@link Clocks#NEVER}
   * @param operation what to do
   * @return what the operation returned
   * @throws LinuxException EAGAIN at the deadline; what the operation throws
   * @throws SyscallRestart IF_HANDLER_ALLOWS on a signal
   */
  public long retry(WaitQueue queue, int events, long deadline, LongSupplier operation) {
    Notice notice = new Notice(events);
    queue.register(notice);
    try {
      return retrySlow(notice, deadline, operation);
    } finally {
      queue.unregister(notice);
    }
  }

  private long retrySlow(Notice notice, long deadline, LongSupplier operation) {
    while (true) {
      notice.isSet = false;
      try {
        return operation.getAsLong();
      } catch (LinuxException e) {
        if (e.errno() != Errno.EAGAIN) {
          throw e;
        }
      }
      switch (until(() -> notice.isSet, deadline)) {
        case READY -> {}
        case TIMED_OUT -> throw LinuxException.of(Errno.EAGAIN);
        case INTERRUPTED -> throw SyscallRestart.IF_HANDLER_ALLOWS;
      }
    }
  }

  /** A waiter that wakes the task and remembers that it did. */
  private final class Notice extends Waiter {
    private volatile boolean isSet;

    private Notice(int events) {
      super(events);
    }

    @Override
    protected boolean wake(int events) {
      isSet = true;
      Blocking.this.wake();
      return true;
    }
  }

  /**
   * Sleeps until a time (clock_nanosleep(2)).
   *
   * @param deadline a monotonic time
   * @return whether the time has come; otherwise a signal is pending
   */
  public boolean sleepUntil(long deadline) {
    return until(() -> false, deadline) == Outcome.TIMED_OUT;
  }

  /**
   * Sleeps until a clock shows a time (clock_nanosleep(2)).
   *
   * @param clock the clock; one of processor time may stand still meanwhile
   * @param deadline a time of the clock, in nanoseconds
   * @return whether the time has come; otherwise a signal is pending
   */
  public boolean sleepUntil(TimeSource clock, long deadline) {
    while (clock.nanos() < deadline) {
      if (!sleepUntil(clock.earliestArrival(deadline))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Blocks until a signal comes (pause(2), rt_sigsuspend(2)).
   *
   * @return never
   * @throws SyscallRestart IF_NO_HANDLER
   */
  public long pause() {
    Outcome outcome = until(() -> false, Clocks.NEVER);
    assert outcome == Outcome.INTERRUPTED;
    throw SyscallRestart.IF_NO_HANDLER;
  }
}
