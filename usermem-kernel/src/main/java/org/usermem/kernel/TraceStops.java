package org.usermem.kernel;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;

/**
 * The stops of a traced task: {@code ptrace_stop} and its callers of Linux's kernel/signal.c. Runs
 * on the task's own thread. Methods that are called with the lock of the task set give it up while
 * the task is stopped.
 */
final class TraceStops {

  private final Task task;
  private final TaskSet tasks;

  TraceStops(Task task, TaskSet tasks) {
    this.task = task;
    this.tasks = tasks;
  }

  /**
   * Stops until the tracer resumes the task.
   *
   * @param code what the tracer's wait reports: a signal and an event
   * @param why CLD_TRAPPED or CLD_STOPPED
   * @param message for PTRACE_GETEVENTMSG
   * @param info for PTRACE_GETSIGINFO; null for a stop with the group
   * @return the signal that the tracer wants instead; 0 for none
   */
  int stop(int code, int why, long message, @Nullable SignalInfo info) {
    tasks.lock();
    try {
      return stopLocked(code, why, message, info);
    } finally {
      tasks.unlock();
    }
  }

  private int stopLocked(int code, int why, long message, @Nullable SignalInfo info) {
    TraceState trace = task.trace;
    if (!trace.isTraced()
        || task.signals().pending.contains(Signals.SIGKILL)
        || tasks.isClosingLocked()) {
      return code;
    }
    trace.message = message;
    trace.lastInfo = info;
    trace.stopCode = code;
    TaskSignals signals = task.signals();
    boolean completes =
        why == SignalInfo.CLD_STOPPED
            && (signals.jobFlags & JobFlags.STOP_PENDING) != 0
            && JobControl.participateLocked(task);
    signals.clearJobFlagsLocked(JobFlags.TRAP_STOP);
    if (info != null && info.code() >> 8 == TraceOptions.EVENT_STOP) {
      signals.clearJobFlagsLocked(JobFlags.TRAP_NOTIFY);
    }
    task.stops.beginTraceStopLocked();
    JobControl.tellParentLocked(task, true, why);
    if (completes && trace.isTracedByStrangerLocked()) {
      JobControl.tellParentLocked(task, false, why);
    }
    tasks.unlock();
    try {
      task.stops.await();
    } finally {
      tasks.lock();
    }
    int wanted = trace.stopCode;
    trace.stopCode = 0;
    trace.message = 0;
    trace.lastInfo = null;
    signals.jobFlags &= ~JobFlags.LISTENING;
    signals.updateInterruptedLocked();
    return wanted;
  }

  /**
   * Traps because of the tracer's wish or of a change of the group's stop ({@code do_jobctl_trap}).
   */
  void jobTrapLocked() {
    TaskSignals signals = task.signals();
    JobState jobs = task.threadGroup().jobs;
    int signo = signals.jobFlags & JobFlags.STOP_SIGNAL_MASK;
    if (task.trace.isSeized()) {
      if (jobs.tasksToStop == 0 && !jobs.isStopped) {
        signo = Signals.SIGTRAP;
      }
      int code = signo | TraceOptions.EVENT_STOP << 8;
      stopLocked(code, SignalInfo.CLD_STOPPED, 0, ownInfo(signo, code));
    } else if (task.trace.isTraced()) {
      stopLocked(signo, SignalInfo.CLD_STOPPED, 0, null);
    } else {
      signals.clearJobFlagsLocked(JobFlags.TRAP_MASK);
    }
  }

  /**
   * Shows a signal to the tracer, which may change or suppress it ({@code ptrace_signal}).
   *
   * @return the signal to act on, or null if there is none any more
   */
  @Nullable SignalInfo filterLocked(SignalInfo info) {
    if (!task.trace.isTraced() || info.signo() == Signals.SIGKILL) {
      return info;
    }
    task.signals().jobFlags |= JobFlags.STOP_DEQUEUED;
    Task tracer = task.trace.tracer();
    task.trace.injectedInfo = info;
    int wanted = stopLocked(info.signo(), SignalInfo.CLD_TRAPPED, 0, info);
    if (wanted == 0) {
      return null;
    }
    SignalInfo result = task.trace.injectedInfo;
    task.trace.injectedInfo = null;
    if (result == null || wanted != result.signo()) {
      int pid = tracer == null ? 0 : tracer.threadGroup().id();
      int uid = tracer == null ? 0 : tracer.credentials().users().real();
      result = SignalInfo.user(wanted, pid, uid);
    }
    if (SignalSet.contains(task.signals().mask(), wanted)) {
      requeueLocked(result);
      return null;
    }
    return result;
  }

  private void requeueLocked(SignalInfo info) {
    try {
      SignalSender.sendToTaskLocked(task, info);
    } catch (LinuxException e) {
      // The queue is full: Linux loses the signal here as well.
      return;
    }
  }

  /**
   * Reports an event if the tracer asked for it ({@code ptrace_event}).
   *
   * @param event one of {@code TraceOptions.EVENT_*}
   * @param message what PTRACE_GETEVENTMSG returns
   */
  void event(int event, long message) {
    if (!task.trace.isTraced()) {
      return;
    }
    if (task.trace.has(1 << event)) {
      notify(event << 8 | Signals.SIGTRAP, message);
    } else if (event == TraceOptions.EVENT_EXEC && !task.trace.isSeized()) {
      tasks.lock();
      try {
        SignalSender.sendToTaskLocked(task, SignalInfo.user(Signals.SIGTRAP, task.tid(), 0));
      } finally {
        tasks.unlock();
      }
    }
  }

  /**
   * Stops at the entry or the exit of a system call ({@code ptrace_report_syscall}); the tracer may
   * change the registers.
   */
  void syscall(boolean isEntry) {
    int code = Signals.SIGTRAP;
    if (task.trace.has(TraceOptions.SYSCALL_GOOD)) {
      code |= TraceOptions.SYSCALL_BIT;
    }
    int signo = notify(code, isEntry ? Tracee.MESSAGE_ENTRY : Tracee.MESSAGE_EXIT);
    if (signo != 0 && Signals.isValid(signo) && task.trace.isTraced()) {
      tasks.lock();
      try {
        SignalSender.sendToTaskLocked(task, SignalInfo.kernel(signo));
      } finally {
        tasks.unlock();
      }
    }
  }

  /** Stops at a handler's first instruction, if the task steps ({@code signal_setup_done}). */
  void handlerEntered() {
    notify(Signals.SIGTRAP, 0);
  }

  /** Follows {@code ptrace_notify}. */
  private int notify(int code, long message) {
    return stop(code, SignalInfo.CLD_TRAPPED, message, ownInfo(Signals.SIGTRAP, code));
  }

  private SignalInfo ownInfo(int signo, int code) {
    return new SignalInfo(
        signo, 0, code, new SignalPayload.Sender(task.tid(), task.credentials().users().real()));
  }
}
