package org.usermem.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.identity.UserIds;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;

/**
 * What a task asks of other tasks: sending signals, waiting for children, process groups and
 * sessions. On the task's own thread.
 */
public final class TaskRelations {

  private final Task task;
  private final TaskSet tasks;
  private final Tracing tracing;

  TaskRelations(Task task, TaskSet tasks) {
    this.task = task;
    this.tasks = tasks;
    this.tracing = new Tracing(task, tasks);
  }

  /** Returns ptrace(2). */
  public Tracing tracing() {
    return tracing;
  }

  /**
   * Sends a signal as kill(2).
   *
   * @param pid a process; 0 for the own process group; -1 for every process that may be signalled;
   *     a negated process group
   * @param signo the signal; 0 only checks
   * @throws LinuxException EINVAL, ESRCH, EPERM
   */
  public void kill(int pid, int signo) {
    checkSignal(signo);
    SignalInfo info = SignalInfo.user(signo, task.processId(), task.credentials().users().real());
    tasks.lock();
    try {
      if (pid > 0) {
        sendToProcessLocked(findLocked(pid).threadGroup(), info);
      } else if (pid == -1) {
        sendToAllLocked(info);
      } else if (pid == Integer.MIN_VALUE) {
        throw LinuxException.of(Errno.ESRCH);
      } else {
        ProcessGroup group =
            pid == 0 ? task.threadGroup().processGroup() : tasks.processGroup(-pid);
        if (group == null) {
          throw LinuxException.of(Errno.ESRCH);
        }
        sendToEachLocked(group.membersLocked(), info);
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Sends a signal with information to a process (rt_sigqueueinfo(2), pidfd_send_signal(2)).
   *
   * @throws LinuxException EINVAL, ESRCH, EAGAIN; EPERM also if the information pretends to be the
   *     kernel's or tkill's
   */
  public void queue(int pid, SignalInfo info) {
    checkSignal(info.signo());
    checkInfo(info, pid == task.processId());
    tasks.lock();
    try {
      sendToProcessLocked(findLocked(pid).threadGroup(), info);
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Sends a signal to one task (tkill(2), tgkill(2)).
   *
   * @param pid the process that the task must belong to; not positive for any
   * @param tid the task
   * @throws LinuxException EINVAL, ESRCH, EPERM, EAGAIN
   */
  public void killTask(int pid, int tid, int signo) {
    checkSignal(signo);
    sendToTask(
        pid, tid, SignalInfo.thread(signo, task.processId(), task.credentials().users().real()));
  }

  /**
   * Sends a signal with information to one task (rt_tgsigqueueinfo(2)).
   *
   * @throws LinuxException as {@link #killTask}; EPERM as {@link #queue}
   */
  public void queueTask(int pid, int tid, SignalInfo info) {
    checkSignal(info.signo());
    checkInfo(info, pid == task.processId());
    sendToTask(pid, tid, info);
  }

  private void sendToTask(int pid, int tid, SignalInfo info) {
    tasks.lock();
    try {
      Task target = findLocked(tid);
      if (pid > 0 && target.processId() != pid) {
        throw LinuxException.of(Errno.ESRCH);
      }
      checkPermission(target, info);
      if (info.signo() != 0) {
        SignalSender.sendToTaskLocked(target, info);
      }
    } finally {
      tasks.unlock();
    }
  }

  private static void checkSignal(int signo) {
    if (signo != 0 && !Signals.isValid(signo)) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static void checkInfo(SignalInfo info, boolean toSelf) {
    if ((info.code() >= 0 || info.code() == SignalInfo.SI_TKILL) && !toSelf) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  private Task findLocked(int tid) {
    Task found = tasks.get(tid);
    if (found == null) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return found;
  }

  private void sendToProcessLocked(ThreadGroup group, SignalInfo info) {
    checkPermission(group.leader(), info);
    if (info.signo() != 0) {
      SignalSender.sendToGroupLocked(group, info);
    }
  }

  private void sendToAllLocked(SignalInfo info) {
    List<ThreadGroup> targets =
        tasks.all().stream()
            .filter(each -> each.threadGroup().leader() == each)
            .map(Task::threadGroup)
            .filter(group -> group != tasks.init() && group != task.threadGroup())
            .toList();
    sendToEachLocked(targets, info);
  }

  /** Sends to several processes; it is enough if one could be sent to. */
  private void sendToEachLocked(List<ThreadGroup> targets, SignalInfo info) {
    boolean sent = false;
    @Nullable LinuxException failure = null;
    for (ThreadGroup target : targets) {
      try {
        sendToProcessLocked(target, info);
        sent = true;
      } catch (LinuxException e) {
        failure = e;
      }
    }
    if (!sent) {
      throw failure == null ? LinuxException.of(Errno.ESRCH) : failure;
    }
  }

  /** Follows {@code check_kill_permission}. */
  private void checkPermission(Task target, SignalInfo info) {
    if (info.isFromKernel() || target.threadGroup() == task.threadGroup()) {
      return;
    }
    TaskCredentials own = task.credentials();
    UserIds others = target.credentials().users();
    int real = own.users().real();
    int effective = own.users().effective();
    boolean allowed =
        effective == others.saved()
            || effective == others.real()
            || real == others.saved()
            || real == others.real()
            || own.has(Capability.KILL);
    boolean continues =
        info.signo() == Signals.SIGCONT
            && target.threadGroup().session() == task.threadGroup().session();
    if (!allowed && !continues) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  /**
   * Checks whether the task may look into another one ({@code ptrace_may_access}), as
   * process_vm_readv(2), ptrace(2) and parts of /proc ask.
   *
   * @param asFiles whether the file-system IDs count rather than the real ones
   * @throws LinuxException EPERM if it may not
   */
  public void checkMayAccess(Task target, boolean asFiles) {
    if (target.threadGroup() == task.threadGroup()) {
      return;
    }
    TaskCredentials own = task.credentials();
    if (own.has(Capability.SYS_PTRACE)) {
      return;
    }
    int uid = asFiles ? own.users().fileSystem() : own.users().real();
    int gid = asFiles ? own.groups().fileSystem() : own.groups().real();
    UserIds users = target.credentials().users();
    UserIds groups = target.credentials().groups();
    boolean same =
        uid == users.real()
            && uid == users.effective()
            && uid == users.saved()
            && gid == groups.real()
            && gid == groups.effective()
            && gid == groups.saved();
    if (!same || !target.parts.isDumpable()) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  /**
   * Waits for children (wait4(2), waitid(2)).
   *
   * @return what was found; null if there is nothing yet and WNOHANG was asked for
   * @throws LinuxException ECHILD if no child can give what is waited for
   * @throws SyscallRestart IF_HANDLER_ALLOWS on a signal
   */
  public @Nullable WaitResult await(WaitOptions options) {
    return new ChildWait(task, tasks, options).await();
  }

  /**
   * Returns the process group of a process (getpgid(2)).
   *
   * @param pid a process; 0 for the own one
   * @throws LinuxException ESRCH
   */
  public int processGroup(int pid) {
    return find(pid).threadGroup().processGroup().id();
  }

  /**
   * Returns the session of a process (getsid(2)).
   *
   * @param pid a process; 0 for the own one
   * @throws LinuxException ESRCH
   */
  public int session(int pid) {
    return find(pid).threadGroup().session().id();
  }

  private Task find(int pid) {
    Task found = pid == 0 ? task : tasks.get(pid);
    if (found == null) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return found;
  }

  /**
   * Moves a process to a process group (setpgid(2)).
   *
   * @param pid the process; 0 for the own one
   * @param groupId the group; 0 for one with the process's number
   * @throws LinuxException EINVAL, ESRCH, EPERM, EACCES
   */
  public void setProcessGroup(int pid, int groupId) {
    if (groupId < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    tasks.lock();
    try {
      ThreadGroup own = task.threadGroup();
      Task target = pid == 0 ? own.leader() : findLocked(pid);
      ThreadGroup moved = target.threadGroup();
      if (moved.leader() != target) {
        throw LinuxException.of(Errno.EINVAL);
      }
      checkMayMoveLocked(own, moved);
      int id = groupId == 0 ? moved.id() : groupId;
      ProcessGroup group = tasks.processGroup(id);
      if (id != moved.id() && (group == null || group.session() != own.session())) {
        throw LinuxException.of(Errno.EPERM);
      }
      if (group == null) {
        group = new ProcessGroup(tasks, id, moved.session());
        moved.session().addLocked(group);
        tasks.addLocked(group);
      }
      moved.moveToLocked(group);
    } finally {
      tasks.unlock();
    }
  }

  private static void checkMayMoveLocked(ThreadGroup own, ThreadGroup moved) {
    Task parent = moved.parentLocked();
    if (parent != null && parent.threadGroup() == own) {
      if (moved.session() != own.session()) {
        throw LinuxException.of(Errno.EPERM);
      }
      if (moved.hasExecuted) {
        throw LinuxException.of(Errno.EACCES);
      }
    } else if (moved != own) {
      throw LinuxException.of(Errno.ESRCH);
    }
    if (moved.session().leader() == moved) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  /**
   * Makes a session (setsid(2)).
   *
   * @return its number
   * @throws LinuxException EPERM if the process leads a session or there is a process group of its
   *     number
   */
  public int newSession() {
    tasks.lock();
    try {
      ThreadGroup own = task.threadGroup();
      int id = own.id();
      if (own.session().leader() == own || tasks.processGroup(id) != null) {
        throw LinuxException.of(Errno.EPERM);
      }
      Session session = new Session(tasks, id);
      session.setLeaderLocked(own);
      ProcessGroup group = new ProcessGroup(tasks, id, session);
      session.addLocked(group);
      tasks.addLocked(session);
      tasks.addLocked(group);
      own.moveToLocked(group);
      return id;
    } finally {
      tasks.unlock();
    }
  }

  /** Returns what the task gets when its parent ends (PR_GET_PDEATHSIG); 0 for nothing. */
  public int parentDeathSignal() {
    return task.life.parentDeathSignal;
  }

  /**
   * Sets what the task gets when its parent ends (PR_SET_PDEATHSIG).
   *
   * @throws LinuxException EINVAL if it is neither 0 nor a signal
   */
  public void setParentDeathSignal(int signo) {
    checkSignal(signo);
    task.life.parentDeathSignal = signo;
  }
}
