package org.usermem.kernel;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.time.TimeSource;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;

/**
 * A guest thread: {@code struct task_struct}. It runs on a platform thread of its own.
 *
 * <p>What it inherits from {@link TaskMemory} is layer 1. {@link #memoryManager()} is layer 2, for
 * the cases where the rules of layer 1 do not hold. Everything else that changes the task is for
 * its own thread too; what only reports is safe from any thread.
 */
public final class Task extends TaskMemory {

  private final Kernel kernel;
  private final TaskSet tasks;

  final TaskLife life;
  final TaskRunner runner;
  final TraceState trace;
  final TaskStops stops;

  Task(Kernel kernel, TaskSet tasks, int tid, TaskParts parts) {
    super(parts);
    this.kernel = kernel;
    this.tasks = tasks;
    this.trace = new TraceState(this);
    this.stops = new TaskStops(this, tasks);
    this.life = new TaskLife(this, tasks, tid);
    this.runner = new TaskRunner(this, tasks);
  }

  /**
   * Returns the task whose thread calls this, for files that show each task something else; null on
   * a thread of the sentry itself.
   */
  public static @Nullable Task current() {
    return Thread.currentThread() instanceof TaskThread thread ? thread.task() : null;
  }

  // ---- Layer 2.

  /**
   * Returns the task's address space.
   *
   * @throws LinuxException ESRCH if the task has given it up
   */
  public MemoryManager memoryManager() {
    return parts.requireMemory();
  }

  /**
   * Takes a use of the task's address space, so that it stays while another task works on it
   * (process_vm_readv(2), ptrace(2), /proc/PID/mem).
   *
   * @return the use; the caller closes it
   * @throws LinuxException ESRCH if the task has given it up
   */
  public MemoryUse useMemory() {
    return MemoryUse.of(this, tasks);
  }

  /** Returns whether the task has an address space: a zombie has none. */
  public boolean hasMemory() {
    return parts.memory() != null;
  }

  // ---- Who the task is.

  /** Returns the kernel. */
  public Kernel kernel() {
    return kernel;
  }

  /** Returns the task's number (gettid(2)). */
  public int tid() {
    return life.tid();
  }

  /** Returns the number of its process (getpid(2)). */
  public int processId() {
    return threadGroup().id();
  }

  /** Returns its process. */
  public ThreadGroup threadGroup() {
    return parts.threadGroup();
  }

  /** Returns what it does. */
  public TaskState state() {
    return life.state();
  }

  /** Returns its registers; another thread may look while the task is stopped for it. */
  public Registers registers() {
    return parts.registers();
  }

  /**
   * Returns the platform's guest thread, for its floating-point state; only for the task's own
   * thread.
   */
  public Context context() {
    assert isOwnThread() : wrongThread();
    return runner.context();
  }

  /** Returns what the task can do beyond what Linux keeps in one struct: see {@link TaskParts}. */
  public TaskParts parts() {
    return parts;
  }

  /** Returns whom it acts for. */
  public TaskCredentials credentials() {
    return parts.credentials();
  }

  /** Changes whom it acts for. */
  public void setCredentials(TaskCredentials credentials) {
    int before = parts.credentials().users().real();
    int after = credentials.users().real();
    parts.setCredentials(credentials);
    if (after != before) {
      // Never refused here: programs do not look whether setuid(2) worked. Linux: set_user.
      UserAccount account = kernel.userAccount(after);
      account.taskBegun();
      kernel.userAccount(before).taskEnded();
      parts.exceedsTasks = after != 0 && account.exceeds(taskLimit());
    }
  }

  /**
   * Throws if the task has become a user that has too many tasks, and still has.
   *
   * @throws LinuxException EAGAIN
   */
  void requireTasksWithinLimit() {
    if (parts.exceedsTasks
        && kernel.userAccount(parts.credentials().users().real()).exceeds(taskLimit())) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    parts.exceedsTasks = false;
  }

  private long taskLimit() {
    return threadGroup().limits().current(Resource.NPROC);
  }

  /** Returns its file descriptors. */
  public FileDescriptorTable files() {
    return parts.files();
  }

  /** Returns its root, working directory and umask. */
  public FsContext fsContext() {
    return parts.fsContext();
  }

  /** Returns its signals. */
  public TaskSignals signals() {
    return life.signals();
  }

  /** Returns how it waits. */
  public Blocking blocking() {
    return life.blocking();
  }

  /** Returns its futexes. */
  public TaskFutexes futexes() {
    return life.futexes();
  }

  /** Returns what it asks of other tasks: signals, waiting, groups, tracing. */
  public TaskRelations relations() {
    return life.relations();
  }

  /** Returns the number of the task that traces this one; 0 if none does. */
  public int tracerId() {
    Task tracer = trace.tracer();
    return tracer == null ? 0 : tracer.tid();
  }

  /**
   * Returns whether somebody traces this task who may not trace every task: then execve(2) gives it
   * none of the rights that the file would give ({@code LSM_UNSAFE_PTRACE}).
   */
  public boolean isTracedByUnprivileged() {
    Task tracer = trace.tracer();
    return tracer != null && !tracer.credentials().has(Capability.SYS_PTRACE);
  }

  /** Returns what it has used. */
  public ResourceUsage usage() {
    return parts.accounting().usage(life.clock, parts.memory());
  }

  /** Returns what it has used, without the resident set of its address space now. */
  ResourceUsage usageLocked() {
    return parts.accounting().usage(life.clock, null);
  }

  /** Returns its processor time as a clock (CLOCK_THREAD_CPUTIME_ID). */
  public TimeSource processorClock() {
    return new ProcessorClock(life.clock::userNanos, life.clock::systemNanos, () -> 1);
  }

  /** Returns when the task was made, a monotonic time. */
  public long startNanos() {
    return life.startNanos;
  }

  /**
   * Makes a task (clone(2), fork(2), vfork(2)). With CLONE_VFORK this waits until the child
   * executes a program or ends.
   *
   * @param options what is shared
   * @return the child's number
   * @throws LinuxException EINVAL for flags that do not go together; EAGAIN past a limit on tasks;
   *     ENOMEM; EPERM
   */
  public int cloneTask(CloneOptions options) {
    assert isOwnThread() : wrongThread();
    return new TaskCloner(this, tasks, runner).clone(options);
  }

  /**
   * Executes a program (execve(2)): loads it, ends all other tasks of the process, and installs it.
   * When this returns the registers are the new program's, and the call's result must be 0.
   *
   * @param request what to execute
   * @throws LinuxException as execve(2); the old program is as it was
   */
  public void execute(ExecRequest request) {
    assert isOwnThread() : wrongThread();
    new TaskExec(this, tasks, runner).execute(request);
  }

  /**
   * Ends the task when the system call that it makes is over (exit(2)).
   *
   * @param code the exit code; the lower eight bits count
   */
  public void exit(int code) {
    assert isOwnThread() : wrongThread();
    life.endWith(WaitStatus.exited(code));
  }

  /**
   * Ends the process when the system call that it makes is over (exit_group(2)).
   *
   * @param code the exit code; the lower eight bits count
   */
  public void exitGroup(int code) {
    assert isOwnThread() : wrongThread();
    life.endGroup(WaitStatus.exited(code));
  }

  /**
   * Ends the task as a signal does that nobody can handle, when the system call that it makes is
   * over.
   *
   * @param signo what the wait status shows
   * @param isProcess whether the whole process ends; it does if the task is its last one, too
   */
  public void endKilled(int signo, boolean isProcess) {
    assert isOwnThread() : wrongThread();
    int status = WaitStatus.killed(signo, false);
    if (isProcess || threadGroup().tasks().size() == 1) {
      life.endGroup(status);
    } else {
      life.endWith(status);
    }
  }

  /**
   * Has the tracer decide about the system call that the task is to make (SECCOMP_RET_TRACE), if it
   * asked for that; it may change the registers, the call's number in {@code orig_rax} too.
   *
   * @param data what PTRACE_GETEVENTMSG returns
   * @return whether a tracer was asked
   */
  public boolean askTracer(int data) {
    assert isOwnThread() : wrongThread();
    boolean isAsked = trace.isTraced() && trace.has(1 << TraceOptions.EVENT_SECCOMP);
    if (isAsked) {
      runner.traceStops().event(TraceOptions.EVENT_SECCOMP, data);
    }
    return isAsked;
  }

  /**
   * Sends a signal to this task alone, from the kernel or from whoever may.
   *
   * @param info the signal
   * @throws org.usermem.errno.LinuxException EAGAIN if a real-time signal finds the queue full
   */
  public void send(SignalInfo info) {
    tasks.lock();
    try {
      SignalSender.sendToTaskLocked(this, info);
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Sends the task alone a signal that it can't block or ignore, for what it did itself.
   *
   * @param info the signal
   */
  public void force(SignalInfo info) {
    tasks.lock();
    try {
      SignalSender.forceLocked(this, info);
    } finally {
      tasks.unlock();
    }
  }

  /** Returns whether the calling thread is the task's. */
  @Override
  public boolean isOwnThread() {
    return Thread.currentThread() == runner.thread();
  }

  /** Returns whether SIGKILL is near, or the task ends already. */
  public boolean isKilled() {
    return life.isKilled();
  }

  @Override
  public String toString() {
    return "task " + tid();
  }
}
