package org.usermem.kernel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.Clocks;

/** Waiting for children: {@code do_wait} and its neighbours of Linux's kernel/exit.c. */
final class ChildWait {

  private final Task caller;
  private final TaskSet tasks;
  private final WaitOptions options;

  /** Some child may still give what is waited for. */
  private boolean hasCandidate;

  ChildWait(Task caller, TaskSet tasks, WaitOptions options) {
    this.caller = caller;
    this.tasks = tasks;
    this.options = options;
  }

  /**
   * Waits.
   *
   * @return the result, or null if there is none now and WNOHANG was asked for
   */
  @Nullable WaitResult await() {
    while (true) {
      WaitResult[] found = new WaitResult[1];
      if (poll(found)) {
        return found[0];
      }
      if (options.has(WaitOptions.WNOHANG)) {
        return null;
      }
      Blocking.Outcome outcome = caller.blocking().until(() -> poll(found), Clocks.NEVER);
      if (outcome == Blocking.Outcome.READY) {
        return found[0];
      }
      throw SyscallRestart.IF_HANDLER_ALLOWS;
    }
  }

  /** Looks once; returns whether something was found. */
  private boolean poll(@Nullable WaitResult[] found) {
    List<Task> released = new ArrayList<>();
    tasks.lock();
    try {
      hasCandidate = false;
      found[0] = pollLocked(released);
      if (found[0] == null && !hasCandidate) {
        throw LinuxException.of(Errno.ECHILD);
      }
      TaskExit.releaseAllLocked(released, tasks);
    } finally {
      tasks.unlock();
    }
    return found[0] != null;
  }

  private @Nullable WaitResult pollLocked(List<Task> released) {
    if (options.has(WaitOptions.WNOTHREAD)) {
      return pollTaskLocked(caller, released);
    }
    for (Task each : caller.threadGroup().tasksLocked()) {
      WaitResult result = pollTaskLocked(each, released);
      if (result != null) {
        return result;
      }
    }
    return null;
  }

  private @Nullable WaitResult pollTaskLocked(Task parent, List<Task> released) {
    for (ThreadGroup child : List.copyOf(parent.life.children)) {
      WaitResult result = considerLocked(child.leader(), false, released);
      if (result != null) {
        return result;
      }
    }
    if (parent.trace.hasTraceesLocked()) {
      for (Task tracee : parent.trace.traceesLocked()) {
        WaitResult result = considerLocked(tracee, true, released);
        if (result != null) {
          return result;
        }
      }
    }
    return null;
  }

  /** Follows {@code wait_consider_task}. */
  private @Nullable WaitResult considerLocked(Task child, boolean asTracer, List<Task> released) {
    TaskLife.Phase phase = child.life.phase();
    if (phase == TaskLife.Phase.DEAD || !isEligible(child, asTracer)) {
      return null;
    }
    boolean traced = asTracer;
    if (!asTracer && child.trace.isTraced() && !child.trace.isTracedByStrangerLocked()) {
      traced = true;
    }
    if (phase == TaskLife.Phase.ZOMBIE) {
      ThreadGroup group = child.threadGroup();
      boolean leaderWaits = group.leader() == child && !group.isSingleLocked();
      if (!leaderWaits && (traced || !child.trace.isTraced())) {
        return reapLocked(child, released);
      }
      if (!traced || options.has(WaitOptions.WCONTINUED | WaitOptions.WEXITED)) {
        hasCandidate = true;
      }
    } else {
      hasCandidate = true;
    }
    WaitResult result = stoppedLocked(child, traced);
    return result != null ? result : continuedLocked(child);
  }

  /** Follows {@code eligible_child}. */
  private boolean isEligible(Task child, boolean asTracer) {
    boolean named =
        switch (options.selection()) {
          case ANY -> true;
          case PROCESS -> child.tid() == options.id();
          case PROCESS_GROUP -> child.threadGroup().processGroup().id() == options.id();
        };
    if (!named) {
      return false;
    }
    if (asTracer || options.has(WaitOptions.WALL)) {
      return true;
    }
    boolean isClone = child.life.exitSignal != Signals.SIGCHLD;
    return isClone == options.has(WaitOptions.WCLONE);
  }

  /** Follows {@code wait_task_zombie}. */
  private @Nullable WaitResult reapLocked(Task child, List<Task> released) {
    if (!options.has(WaitOptions.WEXITED)) {
      return null;
    }
    ThreadGroup group = child.threadGroup();
    int status = group.isExiting ? group.exitStatus : child.life.exitStatus;
    ResourceUsage usage = group.usageLocked().plus(group.children);
    WaitResult result = result(child, status, codeOf(status), usage);
    if (options.has(WaitOptions.WNOWAIT)) {
      return result;
    }
    boolean isLeader = group.leader() == child;
    if (child.trace.isTracedByStrangerLocked() && isLeader) {
      // The tracer has seen it; now it is the parent's turn.
      Relations.unlinkTracerLocked(child);
      if (!Relations.tellParentOfEndLocked(child, child.life.exitSignal)) {
        return result;
      }
    } else if (isLeader) {
      ThreadGroup own = caller.threadGroup();
      own.children = own.children.plus(usage);
    }
    child.life.setPhaseLocked(TaskLife.Phase.DEAD);
    released.add(child);
    return result;
  }

  private static int codeOf(int status) {
    if (WaitStatus.isExited(status)) {
      return SignalInfo.CLD_EXITED;
    }
    return WaitStatus.isDumped(status) ? SignalInfo.CLD_DUMPED : SignalInfo.CLD_KILLED;
  }

  /** Follows {@code wait_task_stopped}. */
  private @Nullable WaitResult stoppedLocked(Task child, boolean asTracer) {
    if (!asTracer && !options.has(WaitOptions.WSTOPPED)) {
      return null;
    }
    JobState jobs = child.threadGroup().jobs;
    boolean listening = (child.signals().jobFlags & JobFlags.LISTENING) != 0;
    int code;
    if (asTracer) {
      code = child.stops.isTraced() && !listening ? child.trace.stopCode : 0;
    } else {
      code = jobs.isStopped ? jobs.stopSignal : 0;
    }
    if (code == 0) {
      return null;
    }
    if (!options.has(WaitOptions.WNOWAIT)) {
      if (asTracer) {
        child.trace.stopCode = 0;
      } else {
        jobs.stopSignal = 0;
      }
    }
    return result(
        child,
        WaitStatus.stopped(code),
        asTracer ? SignalInfo.CLD_TRAPPED : SignalInfo.CLD_STOPPED,
        child.threadGroup().usageLocked());
  }

  /** Follows {@code wait_task_continued}. */
  private @Nullable WaitResult continuedLocked(Task child) {
    JobState jobs = child.threadGroup().jobs;
    if (!options.has(WaitOptions.WCONTINUED) || !jobs.isContinued) {
      return null;
    }
    if (!options.has(WaitOptions.WNOWAIT)) {
      jobs.isContinued = false;
    }
    return result(
        child, WaitStatus.CONTINUED, SignalInfo.CLD_CONTINUED, child.threadGroup().usageLocked());
  }

  private static WaitResult result(Task child, int status, int code, ResourceUsage usage) {
    return new WaitResult(child.tid(), child.credentials().users().real(), status, code, usage);
  }
}
