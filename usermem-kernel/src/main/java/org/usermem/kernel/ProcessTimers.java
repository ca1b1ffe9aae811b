package org.usermem.kernel;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceLimit;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.AlarmQueue;
import org.usermem.kernel.time.Clocks;
import org.usermem.kernel.time.IntervalTimer;
import org.usermem.kernel.time.TimeSource;
import org.usermem.kernel.time.TimerSetting;

/**
 * The timers of a process: the three of setitimer(2), those of timer_create(2), and the one that
 * enforces RLIMIT_CPU. Safe for use by several threads.
 */
public final class ProcessTimers {

  /** One of the three timers of setitimer(2); the ordinal is Linux's number. */
  public enum Kind {
    /** Wall time; SIGALRM. */
    REAL,
    /** Time in the program; SIGVTALRM. */
    VIRTUAL,
    /** Processor time; SIGPROF. */
    PROFILING
  }

  private final ThreadGroup group;
  private final AlarmQueue alarms;
  private final IntervalTimer real;
  private final IntervalTimer virtual;
  private final IntervalTimer profiling;
  private final IntervalTimer processorLimit;
  private final ConcurrentSkipListMap<Integer, PosixTimer> posixTimers =
      new ConcurrentSkipListMap<>();
  private final AtomicInteger nextId = new AtomicInteger();

  /** Which task got a signal of a timer on processor time last; guarded by the task set's lock. */
  private int turn;

  ProcessTimers(Kernel kernel, ThreadGroup group) {
    this.group = group;
    this.alarms = kernel.alarms();
    TimeSource program = new ProcessorClock(group::userNanos, () -> 0, () -> 1);
    TimeSource processor = group.processorClock();
    this.real = timer(Clocks.MONOTONIC, () -> send(Signals.SIGALRM));
    this.virtual = timer(program, () -> sendToRunning(Signals.SIGVTALRM));
    this.profiling = timer(processor, () -> sendToRunning(Signals.SIGPROF));
    this.processorLimit = timer(processor, this::enforceProcessorLimit);
  }

  /** Makes a timer that does something as it expires, but not after it has been set again. */
  private IntervalTimer timer(TimeSource clock, Runnable action) {
    return new IntervalTimer(
        alarms,
        clock,
        timer -> {
          if (timer.take() > 0) {
            action.run();
          }
        });
  }

  private void send(int signo) {
    group.send(SignalInfo.kernel(signo));
  }

  /**
   * Sends a signal to the process so that a task takes it that runs, each in its turn. On Linux it
   * is the one that runs at the tick; profilers count on that.
   */
  private void sendToRunning(int signo) {
    TaskSet tasks = group.kernel().tasks();
    tasks.lock();
    try {
      List<Task> members = group.tasksLocked();
      Task receiver = group.leader();
      for (int i = 0; i < members.size(); i++) {
        turn = (turn + 1) % members.size();
        if (members.get(turn).life.clock.isRunning()) {
          receiver = members.get(turn);
          break;
        }
      }
      SignalSender.sendLocked(receiver, SignalInfo.kernel(signo), true, null);
    } finally {
      tasks.unlock();
    }
  }

  /** Returns one of the three timers of setitimer(2). */
  public IntervalTimer timer(Kind kind) {
    return switch (kind) {
      case REAL -> real;
      case VIRTUAL -> virtual;
      case PROFILING -> profiling;
    };
  }

  /** Looks at RLIMIT_CPU after it was changed; a process that is past it learns that at once. */
  public void limitChanged() {
    long seconds = group.limits().current(Resource.CPU);
    if (seconds < 0 || seconds > Clocks.NEVER / Clocks.NANOS_PER_SECOND) {
      processorLimit.set(TimerSetting.DISARMED, true);
      return;
    }
    long next = seconds * Clocks.NANOS_PER_SECOND;
    long used = group.userNanos() + group.systemNanos();
    boolean isPast = used >= next;
    if (isPast) {
      next += ((used - next) / Clocks.NANOS_PER_SECOND + 1) * Clocks.NANOS_PER_SECOND;
    }
    processorLimit.set(new TimerSetting(next, Clocks.NANOS_PER_SECOND), true);
    if (isPast) {
      enforceProcessorLimit();
    }
  }

  /** Looks at RLIMIT_CPU, which a new process has from its parent. */
  void begin() {
    if (group.limits().current(Resource.CPU) != ResourceLimit.INFINITY) {
      limitChanged();
    }
  }

  /**
   * Follows {@code check_process_timers}: SIGXCPU each second past the soft limit, then SIGKILL.
   */
  private void enforceProcessorLimit() {
    long used = (group.userNanos() + group.systemNanos()) / Clocks.NANOS_PER_SECOND;
    long hard = group.limits().get(Resource.CPU).maximum();
    send(Long.compareUnsigned(used, hard) >= 0 ? Signals.SIGKILL : Signals.SIGXCPU);
  }

  /**
   * Makes a timer that is not armed (timer_create(2)).
   *
   * @param clock what it waits for
   * @param signo the signal; 0 for none
   * @param value what the signal carries; null for the timer's number
   * @param target the task that gets the signal; null for the process
   * @return the timer's number
   * @throws LinuxException EAGAIN past RLIMIT_SIGPENDING
   */
  public int create(TimeSource clock, int signo, @Nullable Long value, @Nullable Task target) {
    long limit = group.limits().current(Resource.SIGPENDING);
    if (Long.compareUnsigned(posixTimers.size(), limit) >= 0) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    int id;
    do {
      id = nextId.getAndIncrement() & Integer.MAX_VALUE;
    } while (posixTimers.containsKey(id));
    long carried = value == null ? id : value;
    PosixTimer timer = new PosixTimer(alarms, clock, group, target, id, signo, carried);
    posixTimers.put(id, timer);
    return id;
  }

  /**
   * Returns a timer.
   *
   * @throws LinuxException EINVAL if there is none of that number
   */
  public PosixTimer get(int id) {
    PosixTimer timer = posixTimers.get(id);
    if (timer == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return timer;
  }

  /**
   * Removes a timer and the signal that it has queued (timer_delete(2)).
   *
   * @throws LinuxException EINVAL if there is none of that number
   */
  public void delete(int id) {
    PosixTimer timer = posixTimers.remove(id);
    if (timer == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    timer.close();
  }

  /** Removes the timers of timer_create(2), as execve(2) does. */
  void deleteAll() {
    for (Integer id : posixTimers.keySet()) {
      PosixTimer timer = posixTimers.remove(id);
      if (timer != null) {
        timer.close();
      }
    }
  }

  /** Disarms everything: the process ends. */
  void close() {
    real.close();
    virtual.close();
    profiling.close();
    processorLimit.close();
    deleteAll();
  }
}
