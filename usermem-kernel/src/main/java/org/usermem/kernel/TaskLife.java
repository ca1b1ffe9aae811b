package org.usermem.kernel;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usermem.kernel.signal.Signals;

/**
 * From birth to release: where a task is in its life, what ends its waits, and who its children
 * are. Fields are guarded by the lock of the task set unless they are volatile.
 */
final class TaskLife {

  /** How far a task has come. */
  enum Phase {
    /** Runs. */
    ALIVE,
    /** Is ending: takes no signals (PF_EXITING). */
    EXITING,
    /** Has ended, and waits to be waited for. */
    ZOMBIE,
    /** Nobody will wait for it. */
    DEAD
  }

  private final Task task;
  private final TaskSet tasks;
  private final TaskSignals signals;
  private final Blocking blocking;
  private final TaskFutexes futexes;
  private final TaskRelations relations;
  private volatile int tid;
  private volatile TaskState state = TaskState.RUNNING;
  private volatile Phase phase = Phase.ALIVE;
  private volatile boolean deliveryRequested;
  private volatile boolean ending;

  final TaskClock clock = new TaskClock();
  final long startNanos = System.nanoTime();

  /** The {@link WaitStatus} with which the task ends. */
  int exitStatus;

  /** What the parent gets when the task, a leader, ends; 0 for nothing. */
  int exitSignal;

  /** What the task gets when its parent ends (PR_SET_PDEATHSIG); 0 for nothing. */
  volatile int parentDeathSignal;

  /** Processes that this task made or adopted. */
  final Set<ThreadGroup> children = new LinkedHashSet<>();

  /** Who waits until this task gives up the address space that it borrowed; null for nobody. */
  @Nullable VforkWait vfork;

  /** The task has begun to end, and waits for no dump of its process that begins from here on. */
  boolean isPastDump;

  /** Tasks that have to end before this one may go on executing a program. */
  int execWaitCount;

  TaskLife(Task task, TaskSet tasks, int tid) {
    this.task = task;
    this.tasks = tasks;
    this.tid = tid;
    this.signals = new TaskSignals(task, tasks);
    this.blocking = new Blocking(task);
    this.futexes = new TaskFutexes(task);
    this.relations = new TaskRelations(task, tasks);
  }

  int tid() {
    return tid;
  }

  void setTid(int newTid) {
    tid = newTid;
  }

  TaskState state() {
    return state;
  }

  void setState(TaskState newState) {
    state = newState;
  }

  Phase phase() {
    return phase;
  }

  void setPhaseLocked(Phase newPhase) {
    phase = newPhase;
    if (newPhase == Phase.ZOMBIE) {
      state = TaskState.ZOMBIE;
    } else if (newPhase == Phase.DEAD) {
      state = TaskState.DEAD;
    }
  }

  boolean isExiting() {
    return phase != Phase.ALIVE;
  }

  /** Returns whether the task has ended, whether or not somebody has waited for it (exit_state). */
  boolean isDead() {
    return phase == Phase.ZOMBIE || phase == Phase.DEAD;
  }

  TaskSignals signals() {
    return signals;
  }

  Blocking blocking() {
    return blocking;
  }

  TaskFutexes futexes() {
    return futexes;
  }

  TaskRelations relations() {
    return relations;
  }

  /** Returns whether the task has to look for signals before it runs on. */
  boolean mustDeliver() {
    return deliveryRequested || signals.isInterrupted();
  }

  /** Has the task look for signals, because a call has to start over even if the signal is gone. */
  void requestDelivery() {
    deliveryRequested = true;
  }

  void deliveryDone() {
    deliveryRequested = false;
  }

  /** Returns whether the task leaves its loop and ends. */
  boolean isEnding() {
    return ending;
  }

  /** Has the task end; for its own thread. */
  void endWith(int status) {
    exitStatus = status;
    ending = true;
  }

  /** Ends the whole process ({@code do_group_exit}); for the task's own thread. */
  void endGroup(int status) {
    tasks.lock();
    try {
      ThreadGroup group = task.threadGroup();
      if (group.isExiting) {
        endWith(group.exitStatus);
      } else if (group.execTask != null && group.execTask != task) {
        endWith(0);
      } else {
        group.isExiting = true;
        group.exitStatus = status;
        SignalSender.killOthersLocked(task);
        endWith(status);
      }
    } finally {
      tasks.unlock();
    }
  }

  boolean isKilled() {
    return ending || (signals.isInterrupted() && isKilledSlow());
  }

  private boolean isKilledSlow() {
    tasks.lock();
    try {
      return isKilledLocked();
    } finally {
      tasks.unlock();
    }
  }

  boolean isKilledLocked() {
    return ending || signals.pending.contains(Signals.SIGKILL);
  }

  /** Has the task look for signals ({@code signal_wake_up}); a fatal one ends stops as well. */
  void wakeForSignalLocked(boolean fatal) {
    signals.setInterrupted();
    if (fatal) {
      task.stops.endGroupStopLocked();
      task.stops.endTraceStopLocked();
    }
    wake();
  }

  /** Has a traced task look for what its tracer wants ({@code ptrace_signal_wake_up}). */
  void wakeForTracerLocked(boolean endsStop) {
    signals.setInterrupted();
    if (endsStop) {
      task.stops.endTraceStopLocked();
    }
    wake();
  }

  private void wake() {
    blocking.wake();
    task.runner.interrupt();
  }

  /** Does what a new task does on its own thread before it runs. */
  void born() {
    task.parts.storeChildTid(task);
  }
}
