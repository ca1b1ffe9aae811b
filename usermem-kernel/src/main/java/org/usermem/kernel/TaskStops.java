package org.usermem.kernel;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The stops of one task: with its process (TASK_STOPPED) or for its tracer (TASK_TRACED). A stop
 * begins and ends under the lock of the task set; the task waits without it. While it is traced the
 * task's thread does what the tracer asks for that only it may do, such as reading its
 * floating-point registers.
 */
final class TaskStops {

  private final Task task;
  private final TaskSet tasks;
  private volatile boolean groupStopped;
  private volatile boolean traced;
  private volatile @Nullable Runnable work;

  TaskStops(Task task, TaskSet tasks) {
    this.task = task;
    this.tasks = tasks;
  }

  boolean isGroupStopped() {
    return groupStopped;
  }

  boolean isTraced() {
    return traced;
  }

  boolean isStoppedOrTraced() {
    return groupStopped || traced;
  }

  void beginGroupStopLocked() {
    groupStopped = true;
    task.life.setState(TaskState.STOPPED);
  }

  void endGroupStopLocked() {
    if (groupStopped) {
      groupStopped = false;
      task.blocking().wake();
    }
  }

  void beginTraceStopLocked() {
    traced = true;
    task.life.setState(TaskState.TRACED);
  }

  void endTraceStopLocked() {
    if (traced) {
      traced = false;
      task.blocking().wake();
    }
  }

  /** Waits for the end of the stop; called without the lock. */
  void await() {
    assert task.isOwnThread() && !tasks.isLocked();
    task.life.clock.sleep();
    while (groupStopped || traced) {
      doWork();
      if (groupStopped || traced) {
        LockSupport.park(this);
      }
    }
    doWork();
    task.life.setState(TaskState.RUNNING);
    task.life.clock.wake();
  }

  /**
   * Has the stopped task's thread do something; called by the tracer, without the lock.
   *
   * @param action what to do; it is done even if the stop ends in between
   */
  void runOnTaskThread(Runnable action) {
    Thread caller = Thread.currentThread();
    Request request = new Request(action, caller);
    work = request;
    task.blocking().wake();
    while (!request.done) {
      if (!isStoppedOrTraced() && work == request) {
        // The stop ended before the thread saw the request: it will not look again.
        tasks.lock();
        try {
          if (work == request && !isStoppedOrTraced()) {
            work = null;
            return;
          }
        } finally {
          tasks.unlock();
        }
      }
      LockSupport.parkNanos(this, 1_000_000);
    }
  }

  private void doWork() {
    Runnable taken = work;
    if (taken != null) {
      tasks.lock();
      try {
        taken = work;
        work = null;
      } finally {
        tasks.unlock();
      }
      if (taken != null) {
        taken.run();
      }
    }
  }

  private static final class Request implements Runnable {
    private final Runnable action;
    private final Thread caller;
    private volatile boolean done;

    private Request(Runnable action, Thread caller) {
      this.action = action;
      this.caller = caller;
    }

    @Override
    public void run() {
      try {
        action.run();
      } finally {
        done = true;
        LockSupport.unpark(caller);
      }
    }
  }
}
