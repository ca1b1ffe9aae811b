package org.usermem.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.event.Readiness;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.Context;

/** The end of a task: {@code do_exit} and {@code release_task} of Linux's kernel/exit.c. */
final class TaskExit {

  private static final System.Logger LOG = System.getLogger(TaskExit.class.getName());

  private final Task task;
  private final TaskSet tasks;
  private final TaskRunner runner;

  TaskExit(Task task, TaskSet tasks, TaskRunner runner) {
    this.task = task;
    this.tasks = tasks;
    this.runner = runner;
  }

  /**
   * Ends the task, on its own thread; whatever fails on the way, its relatives learn of the end.
   */
  void run() {
    awaitDump();
    attempt(() -> runner.traceStops().event(TraceOptions.EVENT_EXIT, task.life.exitStatus));
    boolean lastOfGroup = beginExit();
    if (lastOfGroup) {
      attempt(task.threadGroup().timers()::close);
      attempt(() -> task.kernel().architecture().processEnds(task));
    }
    attempt(task.futexes()::releaseAll);
    attempt(this::leaveMemory);
    endVfork(task);
    attempt(() -> task.kernel().architecture().endTask(task));
    attempt(task.files()::decUsers);
    attempt(task.fsContext()::decUsers);
    attempt(task.parts.namespaces()::decUsers);
    Session session = task.threadGroup().session();
    if (lastOfGroup && session.leader() == task.threadGroup()) {
      attempt(session::releaseTerminal);
    }
    task.life.clock.stop();
    notifyRelatives(lastOfGroup);
  }

  /** Follows {@code coredump_task_exit}. */
  private void awaitDump() {
    CoreState dump;
    tasks.lock();
    try {
      task.life.isPastDump = true;
      dump = task.threadGroup().coreState;
    } finally {
      tasks.unlock();
    }
    if (dump != null) {
      dump.await(task, floatingPoint());
    }
  }

  private @Nullable MemorySegment floatingPoint() {
    Context guest = runner.contextIfOpen();
    if (guest == null) {
      return null;
    }
    MemorySegment state = MemorySegment.ofArray(new byte[guest.floatingPointByteCount()]);
    try {
      guest.saveFloatingPoint(state);
      return state;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "no registers of task " + task.tid() + " are left", e);
      return null;
    }
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the end of task " + task.tid() + " went wrong", e);
    }
  }

  /** Follows {@code exit_signals}; returns whether no other task of the process is left. */
  private boolean beginExit() {
    tasks.lock();
    try {
      ThreadGroup group = task.threadGroup();
      TaskSignals signals = task.signals();
      task.life.setPhaseLocked(TaskLife.Phase.EXITING);
      group.liveCount--;
      boolean last = group.liveCount == 0;
      if (last && !group.isExiting) {
        // Not a group exit by name: wait reports what the leader ended with.
        group.jobs.tasksToStop = 0;
      }
      if (!last && !group.isExiting) {
        SignalSender.retargetLocked(task, ~signals.mask());
      }
      if ((signals.jobFlags & JobFlags.STOP_PENDING) != 0 && JobControl.participateLocked(task)) {
        JobControl.tellParentLocked(task, false, SignalInfo.CLD_STOPPED);
      }
      return last;
    } finally {
      tasks.unlock();
    }
  }

  /** Follows {@code mm_release} and {@code exit_mm}. */
  void leaveMemory() {
    task.futexes().wakeJoiner();
    MemoryManager memory = task.parts.memory();
    if (memory == null) {
      return;
    }
    task.parts.accounting().leave(memory);
    tasks.lock();
    try {
      task.parts.replaceMemory(null);
    } finally {
      tasks.unlock();
    }
    runner.leaveMemory();
    memory.decUsers();
    task.parts.image().executable().decRef();
  }

  static void endVfork(Task task) {
    VforkWait wait = task.life.vfork;
    task.life.vfork = null;
    if (wait != null) {
      wait.end();
    }
  }

  /** Takes back a task that got no thread. */
  static void undoBirth(Task task, TaskSet tasks) {
    endVfork(task);
    if (task.threadGroup().leader() == task) {
      task.threadGroup().timers().close();
    }
    tasks.lock();
    try {
      ThreadGroup group = task.threadGroup();
      group.liveCount--;
      if (group.coreState != null) {
        group.coreState.gone(task);
      }
      task.life.setPhaseLocked(TaskLife.Phase.DEAD);
      releaseAllLocked(List.of(task), tasks);
    } finally {
      tasks.unlock();
    }
    task.kernel().architecture().endTask(task);
    task.parts.image().executable().decRef();
    task.memoryManager().decUsers();
    task.files().decUsers();
    task.fsContext().decUsers();
    task.parts.namespaces().decUsers();
  }

  /** Follows {@code exit_notify}. */
  private void notifyRelatives(boolean lastOfGroup) {
    List<Task> released = new ArrayList<>();
    tasks.lock();
    try {
      ThreadGroup group = task.threadGroup();
      Relations.orphanChildrenLocked(task, tasks, released);
      if (lastOfGroup) {
        Relations.orphanGroupLocked(group, null);
      }
      task.life.setPhaseLocked(TaskLife.Phase.ZOMBIE);
      if (tellOfEndLocked(group)) {
        task.life.setPhaseLocked(TaskLife.Phase.DEAD);
        released.add(task);
      }
      if (group.execTask != null) {
        group.execTask.blocking().wake();
      }
      releaseAllLocked(released, tasks);
      if (lastOfGroup) {
        completeLocked(group);
      }
    } finally {
      tasks.unlock();
    }
  }

  private boolean tellOfEndLocked(ThreadGroup group) {
    boolean isLeader = group.leader() == task;
    if (task.trace.isTraced()) {
      boolean asChild =
          isLeader && group.isSingleLocked() && !task.trace.isTracedByStrangerLocked();
      return Relations.tellParentOfEndLocked(
          task, asChild ? task.life.exitSignal : Signals.SIGCHLD);
    }
    if (isLeader) {
      return group.isSingleLocked() && Relations.tellParentOfEndLocked(task, task.life.exitSignal);
    }
    return true;
  }

  private void completeLocked(ThreadGroup group) {
    int status = group.endStatusLocked();
    if (group == tasks.init()) {
      // As in a PID namespace: nobody outlives the first process.
      for (Task each : tasks.all()) {
        ThreadGroup other = each.threadGroup();
        if (other != group && !other.isExiting) {
          SignalSender.killGroupLocked(other, WaitStatus.killed(Signals.SIGKILL, false));
        }
      }
    }
    group.completeExit(status);
    group.exitQueue().notify(Readiness.READABLE);
  }

  /** Forgets tasks that nobody will wait for, and leaders that waited for the last of them. */
  static void releaseAllLocked(List<Task> released, TaskSet tasks) {
    Deque<Task> left = new ArrayDeque<>(released);
    for (Task next = left.poll(); next != null; next = left.poll()) {
      Task leader = releaseLocked(next, tasks);
      if (leader != null) {
        left.add(leader);
      }
    }
  }

  /** Follows {@code release_task}; returns a leader that is to be released as well, or null. */
  private static @Nullable Task releaseLocked(Task task, TaskSet tasks) {
    ThreadGroup group = task.threadGroup();
    task.trace.unlinkLocked();
    task.signals().pending.discard(-1);
    group.endedTasks = group.endedTasks.plus(task.usageLocked());
    group.removeLocked(task);
    tasks.removeLocked(task);
    task.kernel().userAccount(task.credentials().users().real()).taskEnded();
    if (group.execTask != null) {
      group.execTask.blocking().wake();
    }
    Task leader = group.leader();
    if (leader == task) {
      releaseGroupLocked(group);
      return null;
    }
    if (group.isSingleLocked()
        && leader.life.phase() == TaskLife.Phase.ZOMBIE
        && group.execTask == null
        && Relations.tellParentOfEndLocked(leader, leader.life.exitSignal)) {
      leader.life.setPhaseLocked(TaskLife.Phase.DEAD);
      return leader;
    }
    return null;
  }

  private static void releaseGroupLocked(ThreadGroup group) {
    group.pending.discard(-1);
    Task parent = group.parentLocked();
    if (parent != null) {
      parent.life.children.remove(group);
    }
    group.processGroup().removeLocked(group);
  }
}
