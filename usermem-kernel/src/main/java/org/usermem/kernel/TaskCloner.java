package org.usermem.kernel;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceLimits;
import org.usermem.kernel.namespace.Namespaces;
import org.usermem.kernel.signal.SignalActions;
import org.usermem.kernel.signal.Signals;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;

/** Making a task out of another: {@code copy_process} of Linux's kernel/fork.c. */
final class TaskCloner {

  private final Task parent;
  private final TaskSet tasks;
  private final TaskRunner runner;

  TaskCloner(Task parent, TaskSet tasks, TaskRunner runner) {
    this.parent = parent;
    this.tasks = tasks;
    this.runner = runner;
  }

  int clone(CloneOptions options) {
    checkFlags(options);
    if (parent.signals().isInterrupted()) {
      // The signal first: the child must not inherit a stop or an end that is under way.
      throw SyscallRestart.ALWAYS;
    }
    UserAccount account = parent.kernel().userAccount(parent.credentials().users().real());
    reserve(account);
    Task child;
    try {
      child = make(options);
    } catch (LinuxException e) {
      tasks.lock();
      try {
        tasks.unreserveLocked();
      } finally {
        tasks.unlock();
      }
      account.taskEnded();
      throw e;
    }
    int tid = child.tid();
    VforkWait vfork = child.life.vfork;
    storeParentTid(options, tid);
    if (!options.has(CloneOptions.CLONE_THREAD)) {
      child.threadGroup().timers().begin();
    }
    start(child);
    finish(options, tid, vfork);
    return tid;
  }

  /** Reports the new task, and waits if it runs in the parent's place. */
  private void finish(CloneOptions options, int tid, @Nullable VforkWait vfork) {
    int event = event(options);
    if (event != 0) {
      runner.traceStops().event(event, tid);
    }
    if (vfork != null && vfork.await()) {
      runner.traceStops().event(TraceOptions.EVENT_VFORK_DONE, tid);
    }
  }

  private void checkFlags(CloneOptions options) {
    boolean invalid =
        (options.has(CloneOptions.CLONE_SIGHAND) && !options.has(CloneOptions.CLONE_VM))
            || (options.has(CloneOptions.CLONE_THREAD) && !options.has(CloneOptions.CLONE_SIGHAND))
            || (options.has(CloneOptions.CLONE_NEWNS) && options.has(CloneOptions.CLONE_FS))
            || (options.has(CloneOptions.CLONE_NEWIPC) && options.has(CloneOptions.CLONE_SYSVSEM))
            || (options.has(CloneOptions.CLONE_CLEAR_SIGHAND)
                && options.has(CloneOptions.CLONE_SIGHAND))
            || (options.exitSignal() != 0 && !Signals.isValid(options.exitSignal()));
    if (invalid) {
      throw LinuxException.of(Errno.EINVAL);
    }
    parent.parts.namespaces().check(parent.credentials(), options.flags());
  }

  private void reserve(UserAccount account) {
    long limit = parent.threadGroup().limits().current(Resource.NPROC);
    boolean isPrivileged =
        parent.credentials().users().real() == 0
            || parent.credentials().has(Capability.SYS_RESOURCE)
            || parent.credentials().has(Capability.SYS_ADMIN);
    account.taskBegun();
    try {
      if (!isPrivileged && account.exceeds(limit)) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      tasks.lock();
      try {
        tasks.reserveLocked();
      } finally {
        tasks.unlock();
      }
    } catch (LinuxException e) {
      account.taskEnded();
      throw e;
    }
  }

  /** What the child shares or gets copies of, with the uses that it takes over. */
  private record Shares(
      ProgramImage image,
      MemoryManager memory,
      FileDescriptorTable files,
      FsContext fs,
      Namespaces namespaces,
      SignalActions actions) {

    void giveBack() {
      image.executable().decRef();
      memory.decUsers();
      files.decUsers();
      fs.decUsers();
      namespaces.decUsers();
    }
  }

  private Task make(CloneOptions options) {
    Shares shares = share(options);
    boolean made = false;
    try {
      Task child = link(options, shares);
      made = true;
      return child;
    } finally {
      if (!made) {
        shares.giveBack();
      }
    }
  }

  private Shares share(CloneOptions options) {
    MemoryManager memory = parent.memoryManager();
    if (!options.has(CloneOptions.CLONE_VM)) {
      memory = memory.fork();
    } else if (!memory.incUsers()) {
      throw LinuxException.of(Errno.ESRCH);
    }
    FileDescriptorTable files = parent.files();
    if (options.has(CloneOptions.CLONE_FILES)) {
      files.incUsers();
    } else {
      files = files.copy();
    }
    FsContext fs = parent.fsContext();
    if (options.has(CloneOptions.CLONE_FS)) {
      fs.incUsers();
    } else {
      fs = fs.copy();
    }
    Namespaces namespaces;
    try {
      namespaces = namespaces(options, fs);
    } catch (LinuxException e) {
      fs.decUsers();
      files.decUsers();
      memory.decUsers();
      throw e;
    }
    SignalActions actions = parent.parts.actions();
    if (!options.has(CloneOptions.CLONE_SIGHAND)) {
      tasks.lock();
      try {
        actions = actions.copy();
      } finally {
        tasks.unlock();
      }
      if (options.has(CloneOptions.CLONE_CLEAR_SIGHAND)) {
        actions.clearHandlers();
      }
    }
    parent.parts.image().executable().incRef();
    return new Shares(parent.parts.image(), memory, files, fs, namespaces, actions);
  }

  private Namespaces namespaces(CloneOptions options, FsContext fs) {
    Namespaces own = parent.parts.namespaces();
    if (options.has(Namespaces.flags())) {
      return own.copy(options.flags(), fs);
    }
    own.incUsers();
    return own;
  }

  private Task link(CloneOptions options, Shares shares) {
    ThreadGroup own = parent.threadGroup();
    boolean isThread = options.has(CloneOptions.CLONE_THREAD);
    ResourceLimits limits = own.limits().copy();
    tasks.lock();
    try {
      if (parent.life.isKilledLocked() || own.isExiting) {
        throw LinuxException.of(Errno.EINTR);
      }
      int tid = tasks.allocateTidLocked(options.requestedTid());
      ThreadGroup group =
          isThread ? own : new ThreadGroup(parent.kernel(), tasks, own.processGroup(), limits);
      TaskParts parts =
          new TaskParts(
              group,
              new Registers(parent.registers()),
              shares.image,
              shares.memory,
              shares.files,
              shares.fs,
              shares.namespaces,
              shares.actions,
              parent.credentials(),
              parent.parts.affinity());
      parts.inheritFrom(parent.parts);
      Task child = new Task(parent.kernel(), tasks, tid, parts);
      configure(child, options);
      if (!isThread) {
        linkProcessLocked(group, child, options);
      }
      group.addLocked(child);
      traceLocked(child, options);
      parent.kernel().architecture().prepareClone(child, options);
      tasks.addLocked(child);
      return child;
    } finally {
      tasks.unlock();
    }
  }

  private void configure(Task child, CloneOptions options) {
    boolean sharesStack =
        options.has(CloneOptions.CLONE_VM) && !options.has(CloneOptions.CLONE_VFORK);
    child.signals().inheritFrom(parent.signals(), sharesStack);
    if (options.has(CloneOptions.CLONE_CHILD_SETTID)) {
      child.parts.setStoredChildTidAddr(options.childTidAddr());
    }
    if (options.has(CloneOptions.CLONE_CHILD_CLEARTID)) {
      child.parts.setClearChildTidAddr(options.childTidAddr());
    }
    if (!options.has(CloneOptions.CLONE_VM)) {
      child.parts.setRseq(parent.parts.rseq());
      ProcessMemoryLimits.attach(child.threadGroup(), child.memoryManager());
    }
    if (options.has(CloneOptions.CLONE_VFORK)) {
      child.life.vfork = new VforkWait(parent);
    }
  }

  private void linkProcessLocked(ThreadGroup group, Task child, CloneOptions options) {
    ThreadGroup own = parent.threadGroup();
    group.setLeaderLocked(child);
    child.life.exitSignal = options.exitSignal();
    Task father = parent;
    if (options.has(CloneOptions.CLONE_PARENT)) {
      if (own.parentLocked() == null) {
        throw LinuxException.of(Errno.EINVAL);
      }
      father = own.parentLocked();
      child.life.exitSignal = own.leader().life.exitSignal;
    }
    group.setParentLocked(father);
    group.parentExecCount = father.threadGroup().execCount;
    group.hasSubreaper = own.hasSubreaper || own.isSubreaper;
    group.setOomScoreAdjustment(own.oomScoreAdjustment());
    father.life.children.add(group);
    own.processGroup().addLocked(group);
  }

  /** Has the parent's tracer trace the child, if it wants to ({@code ptrace_init_task}). */
  private void traceLocked(Task child, CloneOptions options) {
    Task tracer = parent.trace.tracer();
    if (tracer == null) {
      return;
    }
    int event = event(options);
    boolean follows =
        options.has(CloneOptions.CLONE_PTRACE) || (event != 0 && parent.trace.has(1 << event));
    if (!follows) {
      return;
    }
    child.trace.linkLocked(tracer, parent.trace.isSeized(), parent.trace.options);
    if (parent.trace.isSeized()) {
      child.signals().addJobFlagsLocked(JobFlags.TRAP_STOP);
    } else {
      child.signals().pending.addBare(Signals.SIGSTOP);
    }
    child.signals().setInterrupted();
  }

  private static int event(CloneOptions options) {
    if (options.has(CloneOptions.CLONE_UNTRACED)) {
      return 0;
    }
    if (options.has(CloneOptions.CLONE_VFORK)) {
      return TraceOptions.EVENT_VFORK;
    }
    return options.exitSignal() == Signals.SIGCHLD
        ? TraceOptions.EVENT_FORK
        : TraceOptions.EVENT_CLONE;
  }

  private void storeParentTid(CloneOptions options, int tid) {
    if (!options.has(CloneOptions.CLONE_PARENT_SETTID)) {
      return;
    }
    try {
      parent.copyOutInt(options.parentTidAddr(), tid);
    } catch (LinuxException e) {
      // Linux ignores the failure too: the child exists.
      return;
    }
  }

  private void start(Task child) {
    Context context = runner.contextIfOpen();
    if (context != null) {
      byte[] state = new byte[context.floatingPointByteCount()];
      context.saveFloatingPoint(MemorySegment.ofArray(state));
      child.runner.inheritFloatingPoint(state);
    }
    try {
      child.runner.start("usermem-task-" + child.tid());
    } catch (OutOfMemoryError e) {
      TaskExit.undoBirth(child, tasks);
      throw LinuxException.of(Errno.EAGAIN);
    }
  }
}
