package org.usermem.kernel;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.io.IOOpts;
import org.usermem.io.IOSequences;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.time.TimeSource;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.Context;
import org.usermem.platform.Registers;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A guest thread: {@code struct task_struct}. It runs on a platform thread of its own.
 *
 * <p>The {@code copy...} methods, {@link #singleSource}, {@link #singleSink}, {@link #iovecsSource}
 * and {@link #iovecsSink} are layer 1: they run on the task's own thread, under the program's own
 * protections, and say so with an assertion. {@link #memoryManager()} is layer 2, for the cases
 * where one of these does not hold. Everything else that changes the task is for its own thread
 * too; what only reports is safe from any thread.
 */
public final class Task {

  private final Kernel kernel;
  private final TaskSet tasks;

  final TaskParts parts;
  final TaskLife life;
  final TaskRunner runner;
  final TraceState trace;
  final TaskStops stops;

  Task(Kernel kernel, TaskSet tasks, int tid, TaskParts parts) {
    this.kernel = kernel;
    this.tasks = tasks;
    this.parts = parts;
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

  // ---- Layer 1: the program's memory, on the task's own thread.

  /**
   * Copies bytes of the program into a segment.
   *
   * @param addr address of the first byte
   * @param dst filled from its start
   * @return the number of bytes copied, short at the first one that can't be read
   * @throws org.usermem.errno.LinuxException EFAULT if none could be copied
   */
  public long copyIn(long addr, MemorySegment dst) {
    return ownMemory().copyIn(addr, dst, 0, dst.byteSize(), IOOpts.DEFAULT);
  }

  /**
   * Copies the bytes of a segment into the program.
   *
   * @param addr address of the first byte
   * @param src what to copy
   * @return the number of bytes copied, short at the first one that can't be written
   * @throws org.usermem.errno.LinuxException EFAULT if none could be copied
   */
  public long copyOut(long addr, MemorySegment src) {
    return ownMemory().copyOut(addr, src, 0, src.byteSize(), IOOpts.DEFAULT);
  }

  /**
   * Fills a segment from the program, or fails.
   *
   * @throws org.usermem.errno.LinuxException EFAULT if anything is missing
   */
  public void copyInFully(long addr, MemorySegment dst) {
    ownMemory().copyInFully(addr, dst, IOOpts.DEFAULT);
  }

  /**
   * Copies a whole segment into the program, or fails.
   *
   * @throws org.usermem.errno.LinuxException EFAULT if anything is missing
   */
  public void copyOutFully(long addr, MemorySegment src) {
    ownMemory().copyOutFully(addr, src, IOOpts.DEFAULT);
  }

  /**
   * Copies a structure of the program into the task's scratch buffer.
   *
   * @param addr address of the structure
   * @param layout its layout
   * @return the structure, as {@link #scratch} gives it
   * @throws org.usermem.errno.LinuxException EFAULT if anything is missing
   */
  public MemorySegment copyInStruct(long addr, MemoryLayout layout) {
    MemorySegment struct = scratch(layout.byteSize());
    copyInFully(addr, struct);
    return struct;
  }

  /** Reads a 32-bit integer at any address; EFAULT as {@link #copyInFully}. */
  public int copyInInt(long addr) {
    return parts.scratch().copyInInt(ownMemory(), addr);
  }

  /** Reads a 64-bit integer at any address; EFAULT as {@link #copyInFully}. */
  public long copyInLong(long addr) {
    return parts.scratch().copyInLong(ownMemory(), addr);
  }

  /** Writes a 32-bit integer at any address; EFAULT as {@link #copyOutFully}. */
  public void copyOutInt(long addr, int value) {
    parts.scratch().copyOutInt(ownMemory(), addr, value);
  }

  /** Writes a 64-bit integer at any address; EFAULT as {@link #copyOutFully}. */
  public void copyOutLong(long addr, long value) {
    parts.scratch().copyOutLong(ownMemory(), addr, value);
  }

  /**
   * Copies a NUL-terminated string.
   *
   * @param addr address of its first byte
   * @param maximumByteCount how long it may be, its NUL included
   * @return the bytes before the NUL, one char a byte
   * @throws org.usermem.errno.LinuxException ENAMETOOLONG if there is no NUL within the limit;
   *     EFAULT
   */
  public String copyInString(long addr, int maximumByteCount) {
    return ownMemory().copyStringIn(addr, maximumByteCount, IOOpts.DEFAULT);
  }

  /**
   * Copies a vector of strings that ends with a null pointer, such as argv.
   *
   * @param addr address of the vector; 0 gives an empty one, as for execve(2)
   * @param maximumStringBytes how long a string may be, its NUL included
   * @param maximumTotalBytes how long all may be together, NULs and pointers included
   * @return the strings, bytes without their NULs
   * @throws org.usermem.errno.LinuxException E2BIG past a limit; EFAULT
   */
  public List<byte[]> copyInStringVector(long addr, int maximumStringBytes, int maximumTotalBytes) {
    return UserVectors.copyInStrings(ownMemory(), addr, maximumStringBytes, maximumTotalBytes);
  }

  /**
   * Copies an array of {@code struct iovec} by the rules of Linux's {@code import_iovec}: each
   * length is at most what a signed long holds, each range lies among the program's addresses, and
   * the total is cut to MAX_RW_COUNT.
   *
   * @param addr address of the array
   * @param count number of entries, as the program gave it
   * @return the ranges, empty ones kept
   * @throws org.usermem.errno.LinuxException EINVAL for more than IOV_MAX entries or a negative
   *     length; EFAULT for the array or a range outside the program's addresses
   */
  public AddrRangeSeq copyInIovecs(long addr, long count) {
    return UserVectors.copyInIovecs(ownMemory(), parts.scratch(), addr, count);
  }

  /**
   * Copies ranges to an array of {@code struct iovec}.
   *
   * @param addr address of the array
   * @param ranges what to write, one entry each
   * @throws org.usermem.errno.LinuxException EFAULT
   */
  public void copyOutIovecs(long addr, AddrRangeSeq ranges) {
    UserVectors.copyOutIovecs(ownMemory(), addr, ranges);
  }

  /**
   * Returns the source of one buffer of the program, for write(2): the length is cut to
   * MAX_RW_COUNT ({@code import_ubuf}).
   *
   * @param addr address of the buffer
   * @param byteCount its length
   * @throws org.usermem.errno.LinuxException EFAULT outside the program's addresses, which a length
   *     that is negative as a signed number always is
   */
  public Source singleSource(long addr, long byteCount) {
    MemoryManager memory = ownMemory();
    return IOSequences.source(
        memory, addr, UserVectors.bufferLength(memory, addr, byteCount), IOOpts.DEFAULT);
  }

  /** Returns the sink over one buffer of the program, for read(2); see {@link #singleSource}. */
  public Sink singleSink(long addr, long byteCount) {
    MemoryManager memory = ownMemory();
    return IOSequences.sink(
        memory, addr, UserVectors.bufferLength(memory, addr, byteCount), IOOpts.DEFAULT);
  }

  /** Returns the source of an array of buffers, for writev(2); see {@link #copyInIovecs}. */
  public Source iovecsSource(long addr, long count) {
    AddrRangeSeq ranges = copyInIovecs(addr, count);
    return IOSequences.source(ownMemory(), ranges, IOOpts.DEFAULT);
  }

  /** Returns the sink over an array of buffers, for readv(2); see {@link #copyInIovecs}. */
  public Sink iovecsSink(long addr, long count) {
    AddrRangeSeq ranges = copyInIovecs(addr, count);
    return IOSequences.sink(ownMemory(), ranges, IOOpts.DEFAULT);
  }

  /**
   * Returns a buffer of the task's own for structures on their way in or out; its content is what
   * the last user left.
   *
   * @param byteCount its length, at most {@link UserScratch#MAXIMUM_BYTE_COUNT}
   * @return a segment that is valid until the next call
   */
  public MemorySegment scratch(long byteCount) {
    assert isOwnThread() : wrongThread();
    return parts.scratch().take(byteCount);
  }

  // ---- Layer 2.

  /**
   * Returns the task's address space.
   *
   * @throws org.usermem.errno.LinuxException ESRCH if the task has given it up
   */
  public MemoryManager memoryManager() {
    return parts.requireMemory();
  }

  /**
   * Takes a use of the task's address space, so that it stays while another task works on it
   * (process_vm_readv(2), ptrace(2), /proc/PID/mem).
   *
   * @return the use; the caller closes it
   * @throws org.usermem.errno.LinuxException ESRCH if the task has given it up
   */
  public MemoryUse useMemory() {
    return MemoryUse.of(this, tasks);
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
    parts.setCredentials(credentials);
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
   * @throws org.usermem.errno.LinuxException EINVAL for flags that do not go together; EAGAIN past
   *     a limit on tasks; ENOMEM; EPERM
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
   * @throws org.usermem.errno.LinuxException as execve(2); the old program is as it was
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

  // ---- Inside the module.

  private MemoryManager ownMemory() {
    assert isOwnThread() : wrongThread();
    return parts.requireMemory();
  }

  private String wrongThread() {
    return this + " is used on " + Thread.currentThread() + ", which is not its own thread";
  }
}
