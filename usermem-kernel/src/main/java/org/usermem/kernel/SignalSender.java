package org.usermem.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.Readiness;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.signal.PendingSignals;
import org.usermem.kernel.signal.QueueQuota;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;

/**
 * How a signal gets into a queue and who is woken for it: {@code send_signal_locked} and its
 * neighbours of Linux's kernel/signal.c. Everything here runs under the lock of the task set.
 */
final class SignalSender {

  private SignalSender() {}

  /** Sends a signal to a process: any of its tasks may take it. */
  static void sendToGroupLocked(ThreadGroup group, SignalInfo info) {
    sendLocked(group.leader(), info, true, null);
  }

  /** Sends a signal to one task. */
  static void sendToTaskLocked(Task task, SignalInfo info) {
    sendLocked(task, info, false, null);
  }

  /**
   * Sends a signal.
   *
   * @param source who learns when the signal leaves the queue; null for nobody
   * @return whether it was queued
   * @throws LinuxException EAGAIN if a real-time signal finds the queue full
   */
  static boolean sendLocked(
      Task task, SignalInfo info, boolean toGroup, PendingSignals.@Nullable Source source) {
    ThreadGroup group = task.threadGroup();
    int signo = info.signo();
    if (!prepareLocked(task, info)) {
      return false;
    }
    PendingSignals pending = toGroup ? group.pending : task.signals().pending;
    if (source == null && !Signals.isRealTime(signo) && pending.contains(signo)) {
      return false;
    }
    if (signo == Signals.SIGKILL) {
      pending.addBare(signo);
    } else {
      queueLocked(task, pending, info, source);
    }
    group.signalQueue().notify(Readiness.READABLE);
    completeLocked(task, signo, toGroup);
    return true;
  }

  private static void queueLocked(
      Task task, PendingSignals pending, SignalInfo info, PendingSignals.@Nullable Source source) {
    QueueQuota quota = task.kernel().userAccount(task.credentials().users().real()).signals();
    long limit = task.threadGroup().limits().current(Resource.SIGPENDING);
    boolean mayPassLimit =
        source != null || (!Signals.isRealTime(info.signo()) && info.code() >= 0);
    if (quota.tryCharge(mayPassLimit ? -1 : limit)) {
      pending.add(info, quota, source);
    } else if (Signals.isRealTime(info.signo()) && info.code() != SignalInfo.SI_USER) {
      throw LinuxException.of(Errno.EAGAIN);
    } else {
      pending.addBare(info.signo());
    }
  }

  /**
   * Does what a signal does when it is sent ({@code prepare_signal}): stops and continues cancel
   * each other.
   *
   * @return whether it is to be queued
   */
  private static boolean prepareLocked(Task task, SignalInfo info) {
    ThreadGroup group = task.threadGroup();
    int signo = info.signo();
    if (group.isExiting) {
      if (signo == Signals.SIGKILL) {
        endExitStopsLocked(group);
      }
      return false;
    }
    if (SignalSet.contains(Signals.STOP_SET, signo)) {
      group.discardSignalsLocked(SignalSet.bit(Signals.SIGCONT));
    } else if (signo == Signals.SIGCONT) {
      group.discardSignalsLocked(Signals.STOP_SET);
      JobControl.continueLocked(group);
    }
    return !isIgnoredLocked(task, signo, info.isFromKernel());
  }

  /**
   * Lets go whom a tracer holds at the end. Linux does not; but two that hold each other could
   * never be ended.
   */
  private static void endExitStopsLocked(ThreadGroup group) {
    for (Task each : group.tasksLocked()) {
      each.stops.endTraceStopLocked();
    }
  }

  /** Follows {@code sig_ignored}. */
  private static boolean isIgnoredLocked(Task task, int signo, boolean fromKernel) {
    TaskSignals signals = task.signals();
    if (SignalSet.contains(signals.mask() | signals.realBlocked, signo)) {
      return false;
    }
    if (task.trace.isTraced() && signo != Signals.SIGKILL) {
      return false;
    }
    SignalAction action = task.parts.actions().get(signo);
    if (task.threadGroup().isUnkillable
        && action.isDefault()
        && !(fromKernel && SignalSet.contains(SignalSet.UNBLOCKABLE, signo))) {
      return true;
    }
    return isIgnored(action, signo);
  }

  /** Returns whether an action does nothing. */
  static boolean isIgnored(SignalAction action, int signo) {
    return action.isIgnore()
        || (action.isDefault() && SignalSet.contains(Signals.IGNORE_SET, signo));
  }

  /** Finds a task to deliver to and wakes it, or all if the signal is fatal. */
  private static void completeLocked(Task task, int signo, boolean toGroup) {
    Task target = task;
    if (!wantsLocked(task, signo)) {
      if (!toGroup) {
        return;
      }
      Task other = findWantingLocked(task.threadGroup(), signo);
      if (other == null) {
        // Whoever unblocks it next takes it.
        return;
      }
      target = other;
    }
    if (isFatalLocked(target, signo)) {
      killGroupLocked(task.threadGroup(), WaitStatus.killed(signo, false));
      return;
    }
    target.life.wakeForSignalLocked(signo == Signals.SIGKILL);
  }

  private static @Nullable Task findWantingLocked(ThreadGroup group, int signo) {
    for (Task other : group.tasksLocked()) {
      if (wantsLocked(other, signo)) {
        return other;
      }
    }
    return null;
  }

  /** Follows {@code wants_signal}. */
  private static boolean wantsLocked(Task task, int signo) {
    TaskSignals signals = task.signals();
    if (SignalSet.contains(signals.mask(), signo) || task.life.isExiting()) {
      return false;
    }
    if (signo == Signals.SIGKILL) {
      return true;
    }
    return !task.stops.isStoppedOrTraced() && !signals.isInterrupted();
  }

  /** Returns whether a signal is known to end the process, without a dump. */
  private static boolean isFatalLocked(Task task, int signo) {
    SignalAction action = task.parts.actions().get(signo);
    return action.isDefault()
        && Signals.defaultAction(signo) == Signals.DefaultAction.TERMINATE
        && !task.threadGroup().isUnkillable
        && !task.threadGroup().isExiting
        && !SignalSet.contains(task.signals().realBlocked, signo)
        && (signo == Signals.SIGKILL || !task.trace.isTraced());
  }

  /**
   * Ends a process: every task finds SIGKILL before it runs on.
   *
   * @param status the {@link WaitStatus} of the process
   */
  static void killGroupLocked(ThreadGroup group, int status) {
    group.isExiting = true;
    group.exitStatus = status;
    group.jobs.tasksToStop = 0;
    for (Task each : group.tasksLocked()) {
      killTaskLocked(each);
    }
  }

  /** Follows the loop of {@code zap_other_threads}. */
  static int killOthersLocked(Task survivor) {
    int count = 0;
    ThreadGroup group = survivor.threadGroup();
    group.jobs.tasksToStop = 0;
    for (Task each : group.tasksLocked()) {
      if (each != survivor) {
        count++;
        killTaskLocked(each);
      }
    }
    return count;
  }

  private static void killTaskLocked(Task task) {
    task.signals().clearJobFlagsLocked(JobFlags.PENDING_MASK);
    if (!task.life.isDead()) {
      task.signals().pending.addBare(Signals.SIGKILL);
      task.life.wakeForSignalLocked(true);
    }
  }

  /**
   * Sends a signal that the task can't escape ({@code force_sig_info}): if it is blocked or ignored
   * its action becomes the default one.
   */
  static void forceLocked(Task task, SignalInfo info) {
    int signo = info.signo();
    TaskSignals signals = task.signals();
    boolean blocked = SignalSet.contains(signals.mask(), signo);
    if (blocked || task.parts.actions().get(signo).isIgnore()) {
      task.parts.actions().set(signo, SignalAction.DEFAULT);
      signals.setMaskLocked(signals.mask() & ~SignalSet.bit(signo));
    }
    if (task.parts.actions().get(signo).isDefault() && !task.trace.isTraced()) {
      task.threadGroup().isUnkillable = false;
    }
    sendLocked(task, info, false, null);
  }

  /**
   * Passes signals of the process that a task blocks now to others ({@code
   * retarget_shared_pending}).
   */
  static void retargetLocked(Task task, long blocked) {
    ThreadGroup group = task.threadGroup();
    long left = group.pending.set() & blocked;
    for (Task other : List.copyOf(group.tasksLocked())) {
      if (left == 0) {
        return;
      }
      if (other == task || other.life.isExiting()) {
        continue;
      }
      long takes = left & ~other.signals().mask();
      if (takes != 0) {
        left &= ~takes;
        if (!other.signals().isInterrupted()) {
          other.life.wakeForSignalLocked(false);
        }
      }
    }
  }
}
