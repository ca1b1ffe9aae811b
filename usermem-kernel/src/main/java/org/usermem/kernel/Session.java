package org.usermem.kernel;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;

/**
 * A session: process groups that share a controlling terminal (setsid(2)). Safe for use by several
 * threads.
 */
@SuppressWarnings("ReferenceEquality") // Terminals are themselves.
public final class Session {

  private final TaskSet tasks;
  private final int id;
  private @Nullable ThreadGroup leader;
  private final Set<ProcessGroup> groups = new LinkedHashSet<>();
  private @Nullable ControllingTerminal terminal;
  private @Nullable ProcessGroup foreground;

  /** Makes a session without groups; its leader follows before anybody sees it. */
  Session(TaskSet tasks, int id) {
    this.tasks = tasks;
    this.id = id;
  }

  /** Returns the session's number: that of the process that made it. */
  public int id() {
    return id;
  }

  /** Returns the process that made the session; it may be gone. */
  public ThreadGroup leader() {
    return Objects.requireNonNull(leader);
  }

  void setLeaderLocked(ThreadGroup group) {
    leader = group;
  }

  /** Returns the controlling terminal, or null if there is none. */
  public @Nullable ControllingTerminal terminal() {
    tasks.lock();
    try {
      return terminal;
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Gives the session a controlling terminal; its leader's process group comes to the foreground.
   *
   * @param newTerminal the terminal, which is no other session's
   * @throws LinuxException EPERM if there is another one already
   */
  public void acquireTerminal(ControllingTerminal newTerminal) {
    tasks.lock();
    try {
      if (terminal != null && terminal != newTerminal) {
        throw LinuxException.of(Errno.EPERM);
      }
      terminal = newTerminal;
      foreground = leader().processGroup();
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Lets the controlling terminal go ({@code disassociate_ctty}): the foreground group gets SIGHUP
   * and SIGCONT, and the terminal is told.
   */
  public void releaseTerminal() {
    ControllingTerminal released;
    tasks.lock();
    try {
      released = terminal;
      ProcessGroup group = foreground;
      terminal = null;
      foreground = null;
      if (released != null && group != null) {
        group.sendLocked(SignalInfo.kernel(Signals.SIGHUP));
        group.sendLocked(SignalInfo.kernel(Signals.SIGCONT));
      }
    } finally {
      tasks.unlock();
    }
    if (released != null) {
      released.released(this);
    }
  }

  /** Returns the process group in the foreground, or null if there is none. */
  public @Nullable ProcessGroup foreground() {
    tasks.lock();
    try {
      return foreground;
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Brings a process group to the foreground (tcsetpgrp(3)). The caller has called {@link
   * #checkForeground} with SIGTTOU.
   *
   * @param groupId the group
   * @throws LinuxException ESRCH if there is none; EPERM if it is another session's
   */
  public void setForeground(int groupId) {
    tasks.lock();
    try {
      ProcessGroup group = tasks.processGroup(groupId);
      if (group == null) {
        throw LinuxException.of(Errno.ESRCH);
      }
      if (group.session() != this) {
        throw LinuxException.of(Errno.EPERM);
      }
      foreground = group;
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Stops a task that uses the terminal from the background ({@code __tty_check_change}). Returns
   * if it may go on.
   *
   * @param task a task of this session, on whose thread this runs
   * @param signo SIGTTIN for reading, SIGTTOU for writing or changing
   * @throws LinuxException EIO if nobody would continue the task, or it reads and ignores SIGTTIN
   * @throws SyscallRestart if its process group was sent the signal
   */
  public void checkForeground(Task task, int signo) {
    tasks.lock();
    try {
      ProcessGroup group = task.threadGroup().processGroup();
      if (foreground == null || group == foreground || group.session() != this) {
        return;
      }
      SignalAction action = task.parts.actions().get(signo);
      boolean ignored = action.isIgnore() || SignalSet.contains(task.signals().mask(), signo);
      if (ignored) {
        if (signo == Signals.SIGTTIN) {
          throw LinuxException.of(Errno.EIO);
        }
        return;
      }
      if (group.isOrphanedLocked(null)) {
        throw LinuxException.of(Errno.EIO);
      }
      group.sendLocked(SignalInfo.kernel(signo));
      throw SyscallRestart.IF_HANDLER_ALLOWS;
    } finally {
      tasks.unlock();
    }
  }

  void addLocked(ProcessGroup group) {
    groups.add(group);
  }

  void removeLocked(ProcessGroup group) {
    groups.remove(group);
    if (foreground == group) {
      foreground = null;
    }
    if (groups.isEmpty()) {
      tasks.removeLocked(this);
    }
  }
}
