package org.usermem.kernel;

import org.jspecify.annotations.Nullable;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.Signals;

/**
 * Stopping and continuing processes: {@code do_signal_stop} and its neighbours of Linux's
 * kernel/signal.c. Everything here runs under the lock of the task set.
 */
final class JobControl {

  private JobControl() {}

  /** Does what SIGCONT does when it is sent: every task goes on, the parent will be told. */
  static void continueLocked(ThreadGroup group) {
    for (Task each : group.tasksLocked()) {
      each.signals().clearJobFlagsLocked(JobFlags.STOP_PENDING);
      if (each.trace.isSeized()) {
        notifyTracerLocked(each);
      } else {
        each.stops.endGroupStopLocked();
      }
    }
    group.jobs.setContinued();
    if (group.jobs.mustTellContinued || group.jobs.mustTellStopped) {
      // Whoever looks for signals next tells the parent.
      for (Task each : group.tasksLocked()) {
        each.signals().updateInterruptedLocked();
      }
    }
  }

  /**
   * Stops the process because of a signal, or joins a stop that is under way.
   *
   * @param signo the signal; 0 to join
   * @return whether the task stops: the caller waits for the end of the stop without the lock
   */
  static boolean stopLocked(Task task, int signo) {
    ThreadGroup group = task.threadGroup();
    TaskSignals signals = task.signals();
    if ((signals.jobFlags & JobFlags.STOP_PENDING) == 0) {
      if ((signals.jobFlags & JobFlags.STOP_DEQUEUED) == 0
          || group.isExiting
          || group.execTask != null) {
        return false;
      }
      beginLocked(task, signo);
    }
    if (task.trace.isTraced()) {
      signals.addJobFlagsLocked(JobFlags.TRAP_STOP);
      return false;
    }
    boolean complete = participateLocked(task);
    task.stops.beginGroupStopLocked();
    if (complete) {
      tellParentLocked(task, false, SignalInfo.CLD_STOPPED);
    }
    return true;
  }

  private static void beginLocked(Task task, int signo) {
    ThreadGroup group = task.threadGroup();
    int flags = signo | JobFlags.STOP_PENDING | JobFlags.STOP_CONSUME;
    if (!group.jobs.isStopped) {
      group.jobs.stopSignal = signo;
    }
    group.jobs.tasksToStop = 0;
    if (task.signals().addJobFlagsLocked(flags)) {
      group.jobs.tasksToStop++;
    }
    for (Task other : group.tasksLocked()) {
      if (other == task
          || other.stops.isGroupStopped()
          || !other.signals().addJobFlagsLocked(flags)) {
        continue;
      }
      group.jobs.tasksToStop++;
      if (other.trace.isSeized()) {
        notifyTracerLocked(other);
      } else {
        other.life.wakeForSignalLocked(false);
      }
    }
  }

  /**
   * Counts a task off the stop ({@code task_participate_group_stop}).
   *
   * @return whether the stop is complete by that
   */
  static boolean participateLocked(Task task) {
    JobState jobs = task.threadGroup().jobs;
    TaskSignals signals = task.signals();
    boolean counts = (signals.jobFlags & JobFlags.STOP_CONSUME) != 0;
    signals.clearJobFlagsLocked(JobFlags.STOP_PENDING);
    if (!counts) {
      return false;
    }
    if (jobs.tasksToStop > 0) {
      jobs.tasksToStop--;
    }
    if (jobs.tasksToStop == 0 && !jobs.isStopped) {
      jobs.setStopped();
      return true;
    }
    return false;
  }

  /** Has a seized task tell its tracer of a change ({@code ptrace_trap_notify}). */
  static void notifyTracerLocked(Task task) {
    task.signals().addJobFlagsLocked(JobFlags.TRAP_NOTIFY);
    boolean listening = (task.signals().jobFlags & JobFlags.LISTENING) != 0;
    task.life.wakeForTracerLocked(listening);
  }

  /** Tells the parent what SIGCONT left to tell ({@code get_signal}, SIGNAL_CLD_MASK). */
  static boolean tellPendingLocked(Task task) {
    ThreadGroup group = task.threadGroup();
    JobState jobs = group.jobs;
    if (!jobs.mustTellContinued && !jobs.mustTellStopped) {
      return false;
    }
    int why = jobs.mustTellContinued ? SignalInfo.CLD_CONTINUED : SignalInfo.CLD_STOPPED;
    jobs.mustTellContinued = false;
    jobs.mustTellStopped = false;
    tellParentLocked(task, false, why);
    Task leader = group.leader();
    if (leader.trace.isTracedByStrangerLocked()) {
      tellParentLocked(leader, true, why);
    }
    return true;
  }

  /**
   * Tells the parent or the tracer that a child stopped, trapped or went on ({@code
   * do_notify_parent_cldstop}).
   */
  static void tellParentLocked(Task task, boolean tracer, int why) {
    Task child = tracer ? task : task.threadGroup().leader();
    @Nullable Task parent = tracer ? child.trace.tracer() : task.threadGroup().parentLocked();
    if (parent == null) {
      return;
    }
    int status =
        switch (why) {
          case SignalInfo.CLD_CONTINUED -> Signals.SIGCONT;
          case SignalInfo.CLD_STOPPED -> task.threadGroup().jobs.stopSignal & 0x7f;
          default -> child.trace.stopCode & 0x7f;
        };
    SignalAction action = parent.parts.actions().get(Signals.SIGCHLD);
    if (!action.isIgnore() && !action.has(SignalAction.SA_NOCLDSTOP)) {
      SignalSender.sendToGroupLocked(
          parent.threadGroup(), childInfo(Signals.SIGCHLD, child, why, status));
    }
    parent.threadGroup().wakeWaitersLocked();
  }

  static SignalInfo childInfo(int signo, Task child, int code, int status) {
    long user = child.threadGroup().usageLocked().userNanos();
    long system = child.threadGroup().usageLocked().systemNanos();
    return new SignalInfo(
        signo,
        0,
        code,
        new SignalPayload.Child(
            child.tid(),
            child.credentials().users().real(),
            status,
            user / Kernel.NANOS_PER_TICK,
            system / Kernel.NANOS_PER_TICK));
  }
}
