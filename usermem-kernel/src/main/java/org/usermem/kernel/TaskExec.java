package org.usermem.kernel;

import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.signal.SignalActions;
import org.usermem.kernel.signal.Signals;

/**
 * Replacing the program of a process: {@code begin_new_exec} of Linux's fs/exec.c. Until the other
 * tasks have ended everything can fail; from then on nothing does.
 */
final class TaskExec {

  private final Task task;
  private final TaskSet tasks;
  private final TaskRunner runner;

  TaskExec(Task task, TaskSet tasks, TaskRunner runner) {
    this.task = task;
    this.tasks = tasks;
    this.runner = runner;
  }

  void execute(ExecRequest request) {
    task.requireTasksWithinLimit();
    ProgramImage image = task.kernel().architecture().load(task.kernel(), request);
    int oldTid = task.tid();
    try {
      endOtherTasks();
    } catch (LinuxException e) {
      discard(image);
      throw e;
    }
    unshare();
    replaceMemory(image);
    setCredentials(image);
    task.files().closeOnExec();
    runner.traceStops().event(TraceOptions.EVENT_EXEC, oldTid);
  }

  private void setCredentials(ProgramImage image) {
    if (image.isSecure()) {
      task.life.parentDeathSignal = 0;
      tasks.lock();
      try {
        if (task.isTracedByUnprivileged()) {
          // He has come since the program was loaded, and could not have come after this.
          Relations.unlinkTracerLocked(task);
        }
        task.parts.setCredentialsForExec(image.credentials());
      } finally {
        tasks.unlock();
      }
      return;
    }
    task.parts.setCredentialsForExec(image.credentials());
  }

  private static void discard(ProgramImage image) {
    image.memory().decUsers();
    image.executable().decRef();
  }

  private void unshare() {
    task.parts.unshareFiles();
    ThreadGroup group = task.threadGroup();
    tasks.lock();
    try {
      SignalActions actions = task.parts.actions().copyForExec();
      task.parts.setActions(actions);
      group.execCount++;
      group.hasExecuted = true;
      if (group.leader().life.exitSignal != 0) {
        task.life.exitSignal = Signals.SIGCHLD;
      }
    } finally {
      tasks.unlock();
    }
    task.signals().resetForExec();
    task.trace.debug.clear();
    group.timers().deleteAll();
  }

  private void replaceMemory(ProgramImage image) {
    task.futexes().releaseAll();
    new TaskExit(task, tasks, runner).leaveMemory();
    ProcessMemoryLimits.attach(task.threadGroup(), image.memory());
    tasks.lock();
    try {
      // A tracer still sees which call it was.
      long call = task.registers().origRax();
      task.parts.replaceMemory(image);
      task.registers().setOrigRax(call);
    } finally {
      tasks.unlock();
    }
    task.futexes().renumbered();
    TaskExit.endVfork(task);
  }

  /** Follows {@code de_thread}. */
  private void endOtherTasks() {
    ThreadGroup group = task.threadGroup();
    tasks.lock();
    try {
      if (group.isExiting || group.execTask != null) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      if (group.isSingleLocked()) {
        return;
      }
      group.execTask = task;
      SignalSender.killOthersLocked(task);
    } finally {
      tasks.unlock();
    }
    boolean alone = task.blocking().untilKilled(this::isAlone) == Blocking.Outcome.READY;
    tasks.lock();
    try {
      group.execTask = null;
      if (!alone) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      if (group.leader() != task) {
        takeOverLocked(group);
      }
    } finally {
      tasks.unlock();
    }
  }

  /** Returns whether all others are gone, the leader as a zombie at least. */
  private boolean isAlone() {
    tasks.lock();
    try {
      ThreadGroup group = task.threadGroup();
      for (Task other : group.tasksLocked()) {
        if (other != task && !(other == group.leader() && other.life.isDead())) {
          return false;
        }
      }
      return true;
    } finally {
      tasks.unlock();
    }
  }

  /** Makes the task the leader, with the leader's number: the process keeps its own. */
  private void takeOverLocked(ThreadGroup group) {
    Task leader = group.leader();
    tasks.takeOverTidLocked(task, leader);
    group.setLeaderLocked(task);
    task.life.exitSignal = Signals.SIGCHLD;
    leader.life.exitSignal = 0;
    if (leader.life.phase() != TaskLife.Phase.DEAD) {
      leader.life.setPhaseLocked(TaskLife.Phase.DEAD);
      TaskExit.releaseAllLocked(List.of(leader), tasks);
    }
  }
}
