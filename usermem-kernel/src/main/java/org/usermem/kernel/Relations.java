package org.usermem.kernel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;

/**
 * Parents, children and orphans: {@code forget_original_parent} and its neighbours of Linux's
 * kernel/exit.c. Everything here runs under the lock of the task set.
 */
final class Relations {

  private Relations() {}

  /**
   * Finds new parents for the children of a task that ends, and drops what it traces.
   *
   * @param released gets the tasks that nobody will wait for
   */
  static void orphanChildrenLocked(Task task, TaskSet tasks, List<Task> released) {
    for (Task tracee : task.trace.traceesLocked()) {
      if (tracee.trace.has(TraceOptions.EXIT_KILL)) {
        SignalSender.sendToTaskLocked(tracee, SignalInfo.kernel(Signals.SIGKILL));
      }
      if (detachLocked(tracee, task)) {
        released.add(tracee);
      }
    }
    if (task.life.children.isEmpty()) {
      return;
    }
    Task reaper = findReaperLocked(task, tasks);
    List<ThreadGroup> children = new ArrayList<>(task.life.children);
    task.life.children.clear();
    for (ThreadGroup child : children) {
      child.setParentLocked(reaper);
      if (reaper != null) {
        reaper.life.children.add(child);
      }
      for (Task each : child.tasksLocked()) {
        int signo = each.life.parentDeathSignal;
        if (signo != 0) {
          SignalSender.sendLocked(each, SignalInfo.bare(signo), true, null);
        }
      }
      if (reaper == null || reaper.threadGroup() != task.threadGroup()) {
        reparentLocked(child, task, released);
      }
    }
  }

  private static void reparentLocked(ThreadGroup child, Task father, List<Task> released) {
    Task leader = child.leader();
    if (leader.life.phase() == TaskLife.Phase.DEAD) {
      return;
    }
    leader.life.exitSignal = Signals.SIGCHLD;
    if (!leader.trace.isTraced()
        && leader.life.phase() == TaskLife.Phase.ZOMBIE
        && child.isSingleLocked()
        && tellParentOfEndLocked(leader, leader.life.exitSignal)) {
      leader.life.setPhaseLocked(TaskLife.Phase.DEAD);
      released.add(leader);
    }
    orphanGroupLocked(child, father);
  }

  /**
   * Returns who adopts the children of a task ({@code find_new_reaper}); null if nobody is left.
   */
  private static @Nullable Task findReaperLocked(Task father, TaskSet tasks) {
    Task sibling = aliveLocked(father.threadGroup(), father);
    if (sibling != null) {
      return sibling;
    }
    ThreadGroup init = tasks.init();
    if (father.threadGroup().hasSubreaper) {
      Task ancestor = father.threadGroup().parentLocked();
      while (ancestor != null && ancestor.threadGroup() != init) {
        if (ancestor.threadGroup().isSubreaper) {
          Task alive = aliveLocked(ancestor.threadGroup(), null);
          if (alive != null) {
            return alive;
          }
        }
        ancestor = ancestor.threadGroup().parentLocked();
      }
    }
    return init == null || init == father.threadGroup() ? null : aliveLocked(init, null);
  }

  private static @Nullable Task aliveLocked(ThreadGroup group, @Nullable Task except) {
    for (Task each : group.tasksLocked()) {
      if (each != except && !each.life.isExiting()) {
        return each;
      }
    }
    return null;
  }

  /** Notes for all descendants that looking for a subreaper pays. */
  static void markSubreaperBelowLocked(ThreadGroup group) {
    for (Task each : group.tasksLocked()) {
      for (ThreadGroup child : each.life.children) {
        if (!child.hasSubreaper) {
          child.hasSubreaper = true;
          markSubreaperBelowLocked(child);
        }
      }
    }
  }

  /**
   * Sends SIGHUP and SIGCONT to the process group of a process, if that became orphaned and has
   * stopped members ({@code kill_orphaned_pgrp}).
   *
   * @param group the process
   * @param oldParent the parent that ended; null if the process itself ends
   */
  static void orphanGroupLocked(ThreadGroup group, @Nullable Task oldParent) {
    Task parent = oldParent == null ? group.parentLocked() : oldParent;
    ProcessGroup jobs = group.processGroup();
    if (parent == null) {
      return;
    }
    ProcessGroup parents = parent.threadGroup().processGroup();
    if (parents != jobs
        && parents.session() == jobs.session()
        && jobs.isOrphanedLocked(oldParent == null ? group : null)
        && jobs.hasStoppedMemberLocked()) {
      jobs.sendLocked(SignalInfo.kernel(Signals.SIGHUP));
      jobs.sendLocked(SignalInfo.kernel(Signals.SIGCONT));
    }
  }

  /**
   * Tells the parent, or the tracer, that a task has ended ({@code do_notify_parent}).
   *
   * @param signo the signal; 0 for none
   * @return whether nobody will wait for the task
   */
  static boolean tellParentOfEndLocked(Task task, int signo) {
    Task tracer = task.trace.tracer();
    Task parent = tracer != null ? tracer : task.threadGroup().parentLocked();
    if (parent == null) {
      return true;
    }
    int sent = signo;
    if (sent != Signals.SIGCHLD
        && task.threadGroup().parentExecCount != parent.threadGroup().execCount) {
      // The program that chose the signal is gone.
      sent = sent == 0 ? 0 : Signals.SIGCHLD;
    }
    boolean released = false;
    if (tracer == null && sent == Signals.SIGCHLD) {
      SignalAction action = parent.parts.actions().get(Signals.SIGCHLD);
      released = action.isIgnore() || action.has(SignalAction.SA_NOCLDWAIT);
      if (action.isIgnore()) {
        sent = 0;
      }
    }
    if (sent != 0) {
      int status = task.life.exitStatus;
      boolean exited = WaitStatus.isExited(status);
      int code = exited ? SignalInfo.CLD_EXITED : SignalInfo.CLD_KILLED;
      if (!exited && WaitStatus.isDumped(status)) {
        code = SignalInfo.CLD_DUMPED;
      }
      SignalSender.sendToGroupLocked(
          parent.threadGroup(),
          JobControl.childInfo(sent, task, code, exited ? status >> 8 : status & 0x7f));
    }
    parent.threadGroup().wakeWaitersLocked();
    return released;
  }

  /**
   * Ends a tracing ({@code __ptrace_detach}).
   *
   * @return whether the tracee had ended and nobody will wait for it: the caller releases it
   */
  static boolean detachLocked(Task tracee, Task tracer) {
    unlinkTracerLocked(tracee);
    if (tracee.life.phase() != TaskLife.Phase.ZOMBIE) {
      return false;
    }
    ThreadGroup group = tracee.threadGroup();
    boolean dead = group.leader() != tracee;
    if (!dead && group.isSingleLocked()) {
      Task parent = group.parentLocked();
      if (parent == null || parent.threadGroup() != tracer.threadGroup()) {
        dead = tellParentOfEndLocked(tracee, tracee.life.exitSignal);
      } else if (tracer.threadGroup().ignoresChildrenLocked()) {
        tracer.threadGroup().wakeWaitersLocked();
        dead = true;
      }
    }
    if (dead) {
      tracee.life.setPhaseLocked(TaskLife.Phase.DEAD);
    }
    return dead;
  }

  /** Follows {@code __ptrace_unlink}: a stop of the process that is in effect goes on. */
  static void unlinkTracerLocked(Task tracee) {
    tracee.trace.unlinkLocked();
    TaskSignals signals = tracee.signals();
    signals.clearJobFlagsLocked(JobFlags.TRAP_MASK);
    ThreadGroup group = tracee.threadGroup();
    if (!tracee.life.isExiting() && (group.jobs.isStopped || group.jobs.tasksToStop > 0)) {
      signals.jobFlags |= JobFlags.STOP_PENDING;
      if ((signals.jobFlags & JobFlags.STOP_SIGNAL_MASK) == 0) {
        signals.jobFlags |= Signals.SIGSTOP;
      }
    }
    if ((signals.jobFlags & JobFlags.STOP_PENDING) != 0 || tracee.stops.isTraced()) {
      tracee.life.wakeForTracerLocked(true);
    }
  }
}
