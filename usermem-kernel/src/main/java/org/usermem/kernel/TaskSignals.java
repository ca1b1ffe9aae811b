package org.usermem.kernel;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.signal.AlternateStack;
import org.usermem.kernel.signal.PendingSignals;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalActions;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;

/**
 * The signals of one task: its mask, what is pending for it, its alternate stack, and how the call
 * that a signal interrupts goes on. Setters are for the task's own thread; getters are safe from
 * any.
 */
public final class TaskSignals {

  private final Task task;
  private final TaskSet tasks;
  private volatile long mask;
  private long savedMask;
  private boolean restoresMask;
  private AlternateStack alternateStack = AlternateStack.NONE;
  private @Nullable RestartBlock restartBlock;

  /** The task has to look for signals before it runs on (TIF_SIGPENDING). */
  private volatile boolean interrupted;

  /** Signals sent to this task alone; guarded by the task set's lock. */
  final PendingSignals pending = new PendingSignals();

  /** Bits of {@link JobFlags}; guarded by the task set's lock. */
  int jobFlags;

  /** Mask of a task that waits in rt_sigtimedwait(2): those signals count as blocked still. */
  long realBlocked;

  TaskSignals(Task task, TaskSet tasks) {
    this.task = task;
    this.tasks = tasks;
  }

  /** Returns the signals that are blocked. */
  public long mask() {
    return mask;
  }

  /**
   * Sets the signals that are blocked (rt_sigprocmask(2)). Signals of the process that the task
   * blocks now go to other tasks.
   *
   * @param newMask a set; SIGKILL and SIGSTOP are dropped
   */
  public void setMask(long newMask) {
    tasks.lock();
    try {
      setMaskLocked(newMask);
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Sets a mask for the time of a system call (ppoll(2), rt_sigsuspend(2)): the mask before comes
   * back when a handler returns, or when the call ends without one.
   *
   * @param temporary a set
   */
  public void setMaskUntilReturn(long temporary) {
    savedMask = mask;
    restoresMask = true;
    setMask(temporary);
  }

  /**
   * Ends what {@link #setMaskUntilReturn} began, at the end of the call.
   *
   * @param isInterrupted whether the call ends because of a signal: then the mask stays until that
   *     is delivered
   */
  public void restoreMaskUnless(boolean isInterrupted) {
    if (restoresMask && !isInterrupted) {
      restoresMask = false;
      setMask(savedMask);
    }
  }

  /** Returns the mask that a handler's frame saves: the one to have again when it returns. */
  public long maskToRestore() {
    return restoresMask ? savedMask : mask;
  }

  /** Returns the alternate stack. */
  public AlternateStack alternateStack() {
    return alternateStack;
  }

  /**
   * Sets the alternate stack; the rules of sigaltstack(2) are the caller's business.
   *
   * @param stack the stack
   */
  public void setAlternateStack(AlternateStack stack) {
    alternateStack = stack;
  }

  /**
   * Says how restart_syscall(2) goes on; then the call ends with {@link SyscallRestart#BY_BLOCK}.
   *
   * @param block goes on
   */
  public void setRestartBlock(RestartBlock block) {
    restartBlock = block;
  }

  /**
   * Goes on with the call that was interrupted last (restart_syscall(2)).
   *
   * @throws LinuxException EINTR if there is none, or a handler has run since
   */
  public long restartSyscall() {
    RestartBlock block = restartBlock;
    restartBlock = null;
    if (block == null) {
      throw LinuxException.of(Errno.EINTR);
    }
    return block.restart();
  }

  /** Forgets the call that was interrupted last, as rt_sigreturn(2) does. */
  public void clearRestartBlock() {
    restartBlock = null;
  }

  /**
   * Returns whether a blocking call has to end: a signal, a stop or the end of the task is near.
   */
  public boolean isInterrupted() {
    return interrupted;
  }

  /** Returns the signals pending for the task and for its process, blocked or not. */
  public long pendingSet() {
    tasks.lock();
    try {
      return pending.set() | task.threadGroup().pending.set();
    } finally {
      tasks.unlock();
    }
  }

  /** Returns the signals pending for the task alone. */
  public long ownPendingSet() {
    tasks.lock();
    try {
      return pending.set();
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Returns the action of a signal.
   *
   * @throws LinuxException EINVAL if the number names no signal
   */
  public SignalAction action(int signo) {
    if (!Signals.isValid(signo)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    tasks.lock();
    try {
      return task.parts.actions().get(signo);
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Sets the action of a signal ({@code do_sigaction}): pending instances of a signal that is
   * ignored from now on are discarded.
   *
   * @return the action before
   * @throws LinuxException EINVAL if the number names no signal, or SIGKILL or SIGSTOP
   */
  public SignalAction setAction(int signo, SignalAction action) {
    if (!Signals.isValid(signo) || SignalSet.contains(SignalSet.UNBLOCKABLE, signo)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    SignalAction kept =
        new SignalAction(
            action.handler(),
            action.flags(),
            action.restorer(),
            SignalSet.blockable(action.mask()));
    tasks.lock();
    try {
      SignalActions actions = task.parts.actions();
      SignalAction before = actions.get(signo);
      actions.set(signo, kept);
      if (SignalSender.isIgnored(kept, signo)) {
        task.threadGroup().discardSignalsLocked(SignalSet.bit(signo));
      }
      return before;
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Takes a pending signal of a set, or waits for one (rt_sigtimedwait(2), signalfd(2)).
   *
   * @param wanted the set
   * @param deadline when to give up, a monotonic time; a time in the past does not wait
   * @return the signal
   * @throws LinuxException EAGAIN if none came; EINTR if another signal came
   */
  public SignalInfo await(long wanted, long deadline) {
    SignalInfo found = takeFirst(wanted, deadline > System.nanoTime());
    if (found != null) {
      return found;
    }
    if (deadline <= System.nanoTime()) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    Blocking.Outcome outcome = task.blocking().until(() -> false, deadline);
    tasks.lock();
    try {
      setMaskLocked(realBlocked);
      realBlocked = SignalSet.EMPTY;
      found = dequeueLocked(~SignalSet.blockable(wanted));
    } finally {
      tasks.unlock();
    }
    if (found != null) {
      return found;
    }
    throw LinuxException.of(outcome == Blocking.Outcome.TIMED_OUT ? Errno.EAGAIN : Errno.EINTR);
  }

  /**
   * Takes a pending signal of a set without waiting.
   *
   * @return the signal, or null if none is pending
   */
  public @Nullable SignalInfo take(long wanted) {
    return takeFirst(wanted, false);
  }

  private @Nullable SignalInfo takeFirst(long wanted, boolean unblocksOtherwise) {
    long set = SignalSet.blockable(wanted);
    tasks.lock();
    try {
      SignalInfo found = dequeueLocked(~set);
      if (found == null && unblocksOtherwise) {
        realBlocked = mask;
        setMaskLocked(mask & ~set);
      }
      return found;
    } finally {
      tasks.unlock();
    }
  }

  /** Takes the next signal outside a set of blocked ones, the task's own first. */
  @Nullable SignalInfo dequeueLocked(long blocked) {
    SignalInfo info = pending.dequeue(blocked);
    if (info == null) {
      info = task.threadGroup().pending.dequeue(blocked);
    }
    if (info != null && SignalSet.contains(Signals.STOP_SET, info.signo())) {
      jobFlags |= JobFlags.STOP_DEQUEUED;
    }
    updateInterruptedLocked();
    return info;
  }

  void setMaskLocked(long newMask) {
    long blocked = SignalSet.blockable(newMask);
    long added = blocked & ~mask;
    mask = blocked;
    if ((added & task.threadGroup().pending.set()) != 0) {
      SignalSender.retargetLocked(task, added);
    }
    updateInterruptedLocked();
  }

  /** Follows {@code recalc_sigpending}. */
  void updateInterruptedLocked() {
    ThreadGroup group = task.threadGroup();
    interrupted =
        (jobFlags & JobFlags.PENDING_MASK) != 0
            || ((pending.set() | group.pending.set()) & ~mask) != 0
            || group.jobs.mustTellContinued
            || group.jobs.mustTellStopped;
  }

  void setInterrupted() {
    interrupted = true;
  }

  /** Drops the mask to restore: a handler's frame holds it now, or the call starts over. */
  void forgetSavedMask() {
    restoresMask = false;
  }

  void inheritFrom(TaskSignals parent, boolean sharesMemory) {
    mask = parent.mask;
    if (!sharesMemory) {
      alternateStack = parent.alternateStack;
    }
  }

  void resetForExec() {
    alternateStack = AlternateStack.NONE;
    restartBlock = null;
  }

  /** Follows {@code task_set_jobctl_pending}; no stop is set up for a task that ends. */
  boolean addJobFlagsLocked(int added) {
    if (task.life.isExiting() || pending.contains(Signals.SIGKILL)) {
      return false;
    }
    if ((added & JobFlags.STOP_SIGNAL_MASK) != 0) {
      jobFlags &= ~JobFlags.STOP_SIGNAL_MASK;
    }
    jobFlags |= added;
    return true;
  }

  /** Follows {@code task_clear_jobctl_pending}. */
  void clearJobFlagsLocked(int cleared) {
    int all = cleared;
    if ((all & JobFlags.STOP_PENDING) != 0) {
      all |= JobFlags.STOP_CONSUME | JobFlags.STOP_DEQUEUED;
    }
    jobFlags &= ~all;
  }
}
