package org.usermem.kernel;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.futex.FutexTable;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.namespace.Namespaces;
import org.usermem.kernel.namespace.UtsNamespace;
import org.usermem.kernel.signal.SignalActions;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.AlarmQueue;
import org.usermem.platform.Platform;
import org.usermem.platform.Registers;
import org.usermem.platform.memory.HostMemoryFile;

/**
 * A kernel: its tasks and what they have in common. Several can live in one JVM. Safe for use by
 * several threads.
 */
public final class Kernel implements AutoCloseable {

  /** Clock ticks a second, as sysconf(_SC_CLK_TCK) tells programs. */
  public static final long TICKS_PER_SECOND = 100;

  /** Nanoseconds in a clock tick. */
  public static final long NANOS_PER_TICK = 1_000_000_000L / TICKS_PER_SECOND;

  private final KernelOptions options;
  private final TaskSet tasks;
  private final FutexTable futexes = new FutexTable();
  private final AlarmQueue alarms = new AlarmQueue("usermem-alarms");
  private final ConcurrentHashMap<Integer, UserAccount> users = new ConcurrentHashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final long startNanos = System.nanoTime();
  private final Namespaces namespaces;

  /**
   * Makes a kernel without tasks.
   *
   * @param options what it is made of; platform and memory file stay the caller's
   */
  public Kernel(KernelOptions options) {
    this.options = options;
    this.tasks = new TaskSet(options.maximumTasks());
    List<Namespace> first = new ArrayList<>(options.architecture().namespaces());
    first.add(new UtsNamespace(options.hostName()));
    this.namespaces = new Namespaces(first);
  }

  /** Returns what makes address spaces and runs programs. */
  public Platform platform() {
    return options.platform();
  }

  /** Returns where all memory of programs is. */
  public HostMemoryFile memoryFile() {
    return options.memoryFile();
  }

  /** Returns the system calls. */
  public SyscallTable syscalls() {
    return options.syscalls();
  }

  /** Returns what depends on the ABI. */
  public Architecture architecture() {
    return options.architecture();
  }

  /** Returns how many processors programs see. */
  public int processors() {
    return options.processors();
  }

  /** Returns how many tasks there may be. */
  public int maximumTasks() {
    return options.maximumTasks();
  }

  /** Returns all futexes. */
  public FutexTable futexes() {
    return futexes;
  }

  /** Returns what makes timers fire. */
  public AlarmQueue alarms() {
    return alarms;
  }

  /** Returns when the kernel started, a monotonic time. */
  public long startNanos() {
    return startNanos;
  }

  /** Returns the namespaces of the first task, which last as long as the kernel. */
  public Namespaces namespaces() {
    return namespaces;
  }

  /** Returns the task of a number, a zombie too; null if there is none. */
  public @Nullable Task task(int tid) {
    return tasks.get(tid);
  }

  /** Returns the process of a number, a zombie too; null if there is none. */
  public @Nullable ThreadGroup process(int pid) {
    return tasks.process(pid);
  }

  /** Returns the process group of a number; null if there is none. */
  public @Nullable ProcessGroup processGroup(int id) {
    return tasks.processGroup(id);
  }

  /** Returns all tasks, zombies too. */
  public Collection<Task> tasksNow() {
    return tasks.all();
  }

  /** Returns all processes, zombies too, by number. */
  public List<ThreadGroup> processes() {
    return tasks.all().stream()
        .filter(task -> task.threadGroup().leader() == task)
        .map(Task::threadGroup)
        .sorted(Comparator.comparingInt(ThreadGroup::id))
        .toList();
  }

  /** Returns the first process, or null if none was started. */
  public @Nullable ThreadGroup init() {
    return tasks.init();
  }

  /**
   * Starts a process in a session of its own. The first one adopts orphans, and its end is the end
   * of all others; later ones have no parent.
   *
   * @param start the program and what it gets
   * @return the process's first task, which runs already
   * @throws LinuxException EAGAIN past the limit on tasks or if the host has no thread; what start
   *     holds is given back then
   */
  public Task start(ProcessStart start) {
    return start(start, task -> {});
  }

  /**
   * Starts a process as {@link #start(ProcessStart)} does.
   *
   * @param prepare is given the task before it runs, to set up what the program finds
   */
  public Task start(ProcessStart start, Consumer<Task> prepare) {
    Task task;
    tasks.lock();
    try {
      tasks.reserveLocked();
      task = linkLocked(start);
    } catch (LinuxException e) {
      start.giveBack();
      throw e;
    } finally {
      tasks.unlock();
    }
    userAccount(task.credentials().users().real()).taskBegun();
    ProcessMemoryLimits.attach(task.threadGroup(), start.image().memory());
    task.threadGroup().timers().begin();
    prepare.accept(task);
    try {
      task.runner.start("usermem-task-" + task.tid());
    } catch (OutOfMemoryError e) {
      TaskExit.undoBirth(task, tasks);
      throw LinuxException.of(Errno.EAGAIN);
    }
    return task;
  }

  private Task linkLocked(ProcessStart start) {
    boolean isFirst = tasks.init() == null;
    int tid = tasks.allocateTidLocked(0);
    Session session = new Session(tasks, tid);
    ProcessGroup processGroup = new ProcessGroup(tasks, tid, session);
    ThreadGroup group = new ThreadGroup(this, tasks, processGroup, start.limits());
    ProgramImage image = start.image();
    namespaces.incUsers();
    TaskParts parts =
        new TaskParts(
            group,
            new Registers(image.registers()),
            image,
            image.memory(),
            start.files(),
            start.fsContext(),
            namespaces,
            new SignalActions(),
            image.credentials(),
            SchedulingAttributes.allProcessors(options.processors()));
    Task task = new Task(this, tasks, tid, parts);
    task.life.exitSignal = Signals.SIGCHLD;
    group.setLeaderLocked(task);
    group.addLocked(task);
    session.setLeaderLocked(group);
    session.addLocked(processGroup);
    processGroup.addLocked(group);
    tasks.addLocked(session);
    tasks.addLocked(processGroup);
    tasks.addLocked(task);
    if (isFirst) {
      tasks.setInitLocked(group);
    }
    return task;
  }

  /** Sends SIGKILL to every process. */
  public void killAll() {
    tasks.lock();
    try {
      for (Task task : tasks.all()) {
        ThreadGroup group = task.threadGroup();
        if (!group.isExiting && !task.life.isDead()) {
          SignalSender.sendToGroupLocked(group, SignalInfo.kernel(Signals.SIGKILL));
        }
      }
    } finally {
      tasks.unlock();
    }
  }

  /**
   * Ends every process and waits until no task's thread runs; the caller's files and memory are not
   * in use afterwards.
   */
  @Override
  public void close() {
    tasks.beginClosing();
    killAll();
    // A task may have made another just before it was killed.
    while (!threads.isEmpty()) {
      threads.forEach(Kernel::join);
      killAll();
    }
    alarms.close();
  }

  private static void join(Thread thread) {
    if (thread == Thread.currentThread()) {
      throw new IllegalStateException("a task can't wait for its own end");
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Threads of tasks that have not come to their end. */
  Set<Thread> threads() {
    return threads;
  }

  /**
   * Notes what a task tells about restartable sequences, and finds a processor for it.
   *
   * @param addr address of its {@code struct rseq}
   * @param byteCount the length
   * @param signature the word before an abort handler
   * @return the registration, which the task has now
   */
  public RseqRegistration registerRseq(Task task, long addr, int byteCount, int signature) {
    BitSet free = task.parts().affinity();
    tasks.lock();
    try {
      for (Task each : tasks.all()) {
        RseqRegistration other = each.parts().rseq();
        if (each != task
            && other != null
            && other.processor() >= 0
            && Objects.equals(each.parts().memory(), task.parts().memory())) {
          free.clear(other.processor());
        }
      }
      RseqRegistration made = new RseqRegistration(addr, byteCount, signature, free.nextSetBit(0));
      task.parts().setRseq(made);
      return made;
    } finally {
      tasks.unlock();
    }
  }

  TaskSet tasks() {
    return tasks;
  }

  UserAccount userAccount(int uid) {
    return users.computeIfAbsent(uid, id -> new UserAccount());
  }
}
