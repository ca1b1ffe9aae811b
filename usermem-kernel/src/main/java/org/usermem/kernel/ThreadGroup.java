package org.usermem.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.event.WaitQueue;
import org.usermem.kernel.limits.ResourceLimits;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.signal.PendingSignals;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.TimeSource;

/**
 * A process: tasks that were cloned with CLONE_THREAD, and what they share ({@code struct
 * signal_struct}). Safe for use by several threads.
 */
@SuppressWarnings("AvoidCommonTypeNames") // The field's term.
public final class ThreadGroup {

  private final Kernel kernel;
  private final TaskSet tasks;
  private final ResourceLimits limits;
  private final ProcessTimers timers;
  private final WaitQueue signalQueue = new WaitQueue();
  private final WaitQueue exitQueue = new WaitQueue();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final long startNanos;
  private volatile ProcessGroup processGroup;
  private volatile @Nullable Task leader;
  private volatile int oomScoreAdjustment;

  // What follows is guarded by the lock of the task set.

  private final Set<Task> members = new LinkedHashSet<>();
  final PendingSignals pending = new PendingSignals();
  final JobState jobs = new JobState();

  /** The task that made the process or adopted it; null for the first process. */
  private @Nullable Task parent;

  /** Every task is on its way out (SIGNAL_GROUP_EXIT), or will find SIGKILL. */
  volatile boolean isExiting;

  /** The {@link WaitStatus} of the process, once it is exiting. */
  int exitStatus;

  /** The dump that is written of the process, or was; null for none. */
  @Nullable CoreState coreState;

  /** The task that executes a program and waits for all others to end. */
  @Nullable Task execTask;

  /** Tasks that have not begun to end. */
  int liveCount;

  /** Signals without a handler do nothing (SIGNAL_UNKILLABLE). */
  boolean isUnkillable;

  /** Orphans below this process become its children (PR_SET_CHILD_SUBREAPER). */
  boolean isSubreaper;

  /** Some process above is a subreaper, so looking for one pays. */
  boolean hasSubreaper;

  /** The process has executed a program since it was forked: setpgid(2) from outside is over. */
  volatile boolean hasExecuted;

  /**
   * Grows with each program: an exit signal other than SIGCHLD is for the program that chose it.
   */
  int execCount;

  /** The parent's {@link #execCount} when the process was made. */
  int parentExecCount;

  ResourceUsage endedTasks = ResourceUsage.NONE;
  ResourceUsage children = ResourceUsage.NONE;

  /** Makes a process without tasks; its leader follows before anybody sees it. */
  ThreadGroup(Kernel kernel, TaskSet tasks, ProcessGroup processGroup, ResourceLimits limits) {
    this.kernel = kernel;
    this.tasks = tasks;
    this.processGroup = processGroup;
    this.limits = limits;
    this.startNanos = System.nanoTime();
    this.timers = new ProcessTimers(kernel, this);
  }

  /** Returns the process's number: that of its leader. */
  public int id() {
    return leader().tid();
  }

  /** Returns the kernel. */
  public Kernel kernel() {
    return kernel;
  }

  /** Returns the task whose number is the process's; it may be a zombie while others run. */
  public Task leader() {
    return Objects.requireNonNull(leader);
  }

  /** Returns the process's tasks, without those that have ended. */
  public List<Task> tasks() {
    tasks.lock();
    try {
      return List.copyOf(members);
    } finally {
      tasks.unlock();
    }
  }

  /** Returns the {@link WaitStatus} with which the process ends, once its tasks do. */
  public int endStatus() {
    tasks.lock();
    try {
      return endStatusLocked();
    } finally {
      tasks.unlock();
    }
  }

  int endStatusLocked() {
    return isExiting ? exitStatus : leader().life.exitStatus;
  }

  /** Returns whether the process has executed a program since it was forked. */
  public boolean hasExecuted() {
    return hasExecuted;
  }

  /** Returns the process's limits. */
  public ResourceLimits limits() {
    return limits;
  }

  /** Returns the process's timers. */
  public ProcessTimers timers() {
    return timers;
  }

  /** Returns the process group. */
  public ProcessGroup processGroup() {
    return processGroup;
  }

  /** Returns the session. */
  public Session session() {
    return processGroup.session();
  }

  /** Returns the number of the parent process, 0 if there is none. */
  public int parentId() {
    tasks.lock();
    try {
      return parent == null ? 0 : parent.threadGroup().id();
    } finally {
      tasks.unlock();
    }
  }

  /** Returns when the process was made, a monotonic time. */
  public long startNanos() {
    return startNanos;
  }

  /** Returns where signals for the process or its tasks are announced when they are queued. */
  public WaitQueue signalQueue() {
    return signalQueue;
  }

  /** Returns where the end of the process is announced, as readability. */
  public WaitQueue exitQueue() {
    return exitQueue;
  }

  /** Returns the end of the process: completes with its {@link WaitStatus}. */
  public CompletableFuture<Integer> exit() {
    return exit.copy();
  }

  /** Returns whether every task has ended, whether or not somebody has waited for it. */
  public boolean hasEnded() {
    return exit.isDone();
  }

  /**
   * Sends a signal to the process, from the kernel or from whoever may.
   *
   * @param info the signal
   * @throws org.usermem.errno.LinuxException EAGAIN if a real-time signal finds the queue full
   */
  public void send(SignalInfo info) {
    tasks.lock();
    try {
      SignalSender.sendToGroupLocked(this, info);
    } finally {
      tasks.unlock();
    }
  }

  /** Returns what the process has used, its ended tasks included. */
  public ResourceUsage usage() {
    ResourceUsage usage;
    List<Task> left;
    tasks.lock();
    try {
      usage = endedTasks;
      left = List.copyOf(members);
    } finally {
      tasks.unlock();
    }
    for (Task each : left) {
      usage = usage.plus(each.usage());
    }
    return usage;
  }

  /** Returns what children that were waited for have used, with their own. */
  public ResourceUsage childrenUsage() {
    tasks.lock();
    try {
      return children;
    } finally {
      tasks.unlock();
    }
  }

  /** Returns the processor time of the process as a clock (CLOCK_PROCESS_CPUTIME_ID). */
  public TimeSource processorClock() {
    return new ProcessorClock(this::userNanos, this::systemNanos, this::runningTasks);
  }

  /** Returns the time in the program, in nanoseconds. */
  public long userNanos() {
    return processorTime().userNanos();
  }

  /** Returns the time in the sentry, in nanoseconds. */
  public long systemNanos() {
    return processorTime().systemNanos();
  }

  private ResourceUsage processorTime() {
    tasks.lock();
    try {
      return usageLocked();
    } finally {
      tasks.unlock();
    }
  }

  private int runningTasks() {
    tasks.lock();
    try {
      return Math.max(liveCount, 1);
    } finally {
      tasks.unlock();
    }
  }

  /** Returns the signals pending for the process. */
  public long pendingSet() {
    tasks.lock();
    try {
      return pending.set();
    } finally {
      tasks.unlock();
    }
  }

  /** Returns whether orphans below the process become its children. */
  public boolean isSubreaper() {
    tasks.lock();
    try {
      return isSubreaper;
    } finally {
      tasks.unlock();
    }
  }

  /** Sets whether orphans below the process become its children (PR_SET_CHILD_SUBREAPER). */
  public void setSubreaper(boolean subreaper) {
    tasks.lock();
    try {
      isSubreaper = subreaper;
      if (subreaper) {
        Relations.markSubreaperBelowLocked(this);
      }
    } finally {
      tasks.unlock();
    }
  }

  /** Returns how much likelier the process is to be ended when memory runs out, -1000 to 1000. */
  public int oomScoreAdjustment() {
    return oomScoreAdjustment;
  }

  /** Sets how much likelier the process is to be ended when memory runs out. */
  public void setOomScoreAdjustment(int adjustment) {
    oomScoreAdjustment = adjustment;
  }

  /** Returns the same without the resident set of address spaces in use: their locks come first. */
  ResourceUsage usageLocked() {
    ResourceUsage usage = endedTasks;
    for (Task member : members) {
      usage = usage.plus(member.usageLocked());
    }
    return usage;
  }

  @Nullable Task parentLocked() {
    return parent;
  }

  void setParentLocked(@Nullable Task newParent) {
    parent = newParent;
  }

  void setLeaderLocked(Task newLeader) {
    leader = newLeader;
  }

  void moveToLocked(ProcessGroup group) {
    ProcessGroup before = processGroup;
    if (group == before) {
      return;
    }
    processGroup = group;
    group.addLocked(this);
    before.removeLocked(this);
  }

  void addLocked(Task task) {
    members.add(task);
    liveCount++;
  }

  void removeLocked(Task task) {
    members.remove(task);
  }

  /** Returns the tasks that have not been released, in the order in which they came. */
  List<Task> tasksLocked() {
    return new ArrayList<>(members);
  }

  /** Returns whether at most one task is left ({@code thread_group_empty}). */
  boolean isSingleLocked() {
    return members.size() <= 1;
  }

  /** Returns whether the leader is a zombie and nobody else is left. */
  boolean isDeadLocked() {
    return leader().life.isDead() && isSingleLocked();
  }

  void discardSignalsLocked(long signals) {
    pending.discard(signals);
    for (Task member : members) {
      member.signals().pending.discard(signals);
    }
  }

  /** Returns whether children leave no zombies here ({@code ignoring_children}). */
  boolean ignoresChildrenLocked() {
    SignalAction action = leader().parts.actions().get(Signals.SIGCHLD);
    return action.isIgnore() || action.has(SignalAction.SA_NOCLDWAIT);
  }

  void wakeWaitersLocked() {
    for (Task member : members) {
      member.blocking().wake();
    }
  }

  void completeExit(int status) {
    exit.complete(status);
  }

  @Override
  public String toString() {
    return "process " + id();
  }
}
