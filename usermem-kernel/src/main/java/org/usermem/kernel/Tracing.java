package org.usermem.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;

/**
 * Whom a task traces and how its tracees run: ptrace(2) as the tracer asks for it, on the tracer's
 * own thread. What a tracer sees of a tracee is a {@link Tracee}. Where nothing else is said the
 * tracee must be stopped for this tracer, else ESRCH.
 *
 * <p>Source: Linux's kernel/ptrace.c.
 */
public final class Tracing {

  /** How a tracee runs on. */
  public enum Resume {
    /** Freely. */
    CONTINUE,
    /** To the next entry or exit of a system call. */
    SYSCALL,
    /** To the next entry of a system call, which is not made. */
    EMULATE,
    /** For one instruction. */
    STEP,
    /** For one instruction; a system call is not made. */
    EMULATE_STEP
  }

  private final Task tracer;
  private final TaskSet tasks;

  Tracing(Task tracer, TaskSet tasks) {
    this.tracer = tracer;
    this.tasks = tasks;
  }

  /**
   * Has the parent trace this task (PTRACE_TRACEME).
   *
   * @throws LinuxException EPERM if it is traced already or has no parent
   */
  public void traceMe() {
    tasks.lock();
    try {
      Task parent = tracer.threadGroup().parentLocked();
      if (tracer.trace.isTraced() || parent == null || parent.life.isExiting()) {
        throw LinuxException.of(Errno.EPERM);
      }
      tracer.trace.linkLocked(parent, false, 0);
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Traces a task, which stops by SIGSTOP (PTRACE_ATTACH). One that is stopped with its process is
   * stopped for the tracer when this returns.
   *
   * @throws LinuxException ESRCH, EPERM
   */
  public void attach(int tid) {
    link(tid, false, 0);
  }

  /**
   * Traces a task, which runs on (PTRACE_SEIZE).
   *
   * @param options PTRACE_O_* of ptrace(2)
   * @throws LinuxException ESRCH, EPERM; EIO for unknown options
   */
  public void seize(int tid, long options) {
    if ((options & ~TraceOptions.ALL) != 0) {
      throw LinuxException.of(Errno.EIO);
    }
    link(tid, true, (int) options);
  }

  private void link(int tid, boolean seizes, int options) {
    Task target = tracer.kernel().task(tid);
    if (target == null) {
      throw LinuxException.of(Errno.ESRCH);
    }
    if (target.threadGroup() == tracer.threadGroup()) {
      throw LinuxException.of(Errno.EPERM);
    }
    boolean isInGroupStop;
    tasks.lock();
    try {
      isInGroupStop = linkLocked(target, seizes, options);
    } finally {
      tasks.unlock();
    }
    if (isInGroupStop) {
      tracer.blocking().untilKilled(() -> hasTrapped(target));
    }
  }

  private boolean linkLocked(Task target, boolean seizes, int options) {
    // Under the lock: execve(2) changes rights under it too.
    tracer.relations().checkMayAccess(target, false);
    if (target.life.isDead() || target.trace.isTraced()) {
      throw LinuxException.of(Errno.EPERM);
    }
    target.trace.linkLocked(tracer, seizes, options);
    if (!seizes) {
      SignalSender.sendToTaskLocked(target, SignalInfo.kernel(Signals.SIGSTOP));
    }
    if (!target.stops.isGroupStopped() || !target.signals().addJobFlagsLocked(JobFlags.TRAP_STOP)) {
      return false;
    }
    // From the stop with its process into one for the tracer, so that wait sees it.
    target.signals().setInterrupted();
    target.stops.endGroupStopLocked();
    return true;
  }

  /** Returns whether a task that was stopped with its process has got to the trap, or can't. */
  private boolean hasTrapped(Task target) {
    tasks.lock();
    try {
      return target.stops.isTraced()
          || target.life.isExiting()
          || target.trace.tracer() != tracer
          || (target.signals().jobFlags & JobFlags.TRAP_STOP) == 0;
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Stops tracing; the tracee runs on (PTRACE_DETACH).
   *
   * @param signo a signal that it gets; 0 for none
   * @throws LinuxException ESRCH; EIO if {@code signo} is no signal
   */
  public void detach(int tid, int signo) {
    tasks.lock();
    try {
      Task tracee = stoppedLocked(tid);
      checkSignal(signo);
      tracee.trace.stopCode = signo;
      if (Relations.detachLocked(tracee, tracer)) {
        List<Task> released = new ArrayList<>();
        released.add(tracee);
        TaskExit.releaseAllLocked(released, tasks);
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Lets a tracee run on (PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SYSEMU, PTRACE_SINGLESTEP).
   *
   * @param signo the signal that it gets instead of the one it stopped for; 0 for none
   * @throws LinuxException ESRCH; EIO if {@code signo} is no signal
   */
  public void resume(int tid, Resume how, int signo) {
    tasks.lock();
    try {
      Task tracee = stoppedLocked(tid);
      checkSignal(signo);
      TraceState trace = tracee.trace;
      trace.stopsAtSyscalls = how == Resume.SYSCALL;
      trace.emulatesSyscalls = how == Resume.EMULATE || how == Resume.EMULATE_STEP;
      trace.singleStep = how == Resume.STEP || how == Resume.EMULATE_STEP;
      trace.stopCode = signo;
      tracee.stops.endTraceStopLocked();
    } finally {
      tasks.unlock();
    }
  }

  private static void checkSignal(int signo) {
    if (signo != 0 && !Signals.isValid(signo)) {
      throw LinuxException.of(Errno.EIO);
    }
  }

  /**
   * Kills a tracee, stopped or not (PTRACE_KILL).
   *
   * @throws LinuxException ESRCH
   */
  public void kill(int tid) {
    tasks.lock();
    try {
      Task tracee = traceeLocked(tid);
      if (!tracee.life.isDead()) {
        SignalSender.sendToTaskLocked(tracee, SignalInfo.kernel(Signals.SIGKILL));
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Stops a seized tracee (PTRACE_INTERRUPT).
   *
   * @throws LinuxException ESRCH; EIO if it was attached, not seized
   */
  public void interrupt(int tid) {
    tasks.lock();
    try {
      Task tracee = seizedLocked(traceeLocked(tid));
      if (tracee.signals().addJobFlagsLocked(JobFlags.TRAP_STOP)) {
        tracee.life.wakeForTracerLocked(isListening(tracee));
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Leaves a seized tracee stopped with its process and waits for that to change (PTRACE_LISTEN).
   *
   * @throws LinuxException ESRCH; EIO if it did not stop with its process
   */
  public void listen(int tid) {
    tasks.lock();
    try {
      Task tracee = seizedLocked(stoppedLocked(tid));
      SignalInfo info = tracee.trace.lastInfo;
      if (info == null || info.code() >> 8 != TraceOptions.EVENT_STOP) {
        throw LinuxException.of(Errno.EIO);
      }
      TaskSignals signals = tracee.signals();
      signals.jobFlags |= JobFlags.LISTENING;
      if ((signals.jobFlags & JobFlags.TRAP_NOTIFY) != 0) {
        tracee.life.wakeForTracerLocked(true);
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Sets the options (PTRACE_SETOPTIONS).
   *
   * @param options PTRACE_O_* of ptrace(2)
   * @throws LinuxException ESRCH; EINVAL for unknown ones
   */
  public void setOptions(int tid, long options) {
    withStopped(
        tid,
        tracee -> {
          if ((options & ~TraceOptions.ALL) != 0) {
            throw LinuxException.of(Errno.EINVAL);
          }
          tracee.trace.options = (int) options;
        });
  }

  /**
   * Returns what this task sees of a tracee.
   *
   * @param tid the tracee; looked for at each use
   */
  public Tracee tracee(int tid) {
    return new Tracee(this, tid, tracer.kernel().platform().maxAddress());
  }

  void withStopped(int tid, Consumer<Task> action) {
    tasks.lock();
    try {
      action.accept(stoppedLocked(tid));
    } finally {
      tasks.unlock();
    }
  }

  <T> T fromStopped(int tid, Function<Task, T> query) {
    tasks.lock();
    try {
      return query.apply(stoppedLocked(tid));
    } finally {
      tasks.unlock();
    }
  }

  /** Follows {@code ptrace_check_attach}. */
  private Task stoppedLocked(int tid) {
    Task tracee = traceeLocked(tid);
    if (!tracee.stops.isTraced() || isListening(tracee)) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return tracee;
  }

  private Task traceeLocked(int tid) {
    Task tracee = tasks.get(tid);
    if (tracee == null || tracee.trace.tracer() != tracer) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return tracee;
  }

  private static boolean isListening(Task tracee) {
    return (tracee.signals().jobFlags & JobFlags.LISTENING) != 0;
  }

  private static Task seizedLocked(Task tracee) {
    if (!tracee.trace.isSeized()) {
      throw LinuxException.of(Errno.EIO);
    }
    return tracee;
  }
}
