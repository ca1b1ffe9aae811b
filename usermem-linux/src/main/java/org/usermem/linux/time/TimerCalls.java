package org.usermem.linux.time;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.ProcessTimers;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.IntervalTimer;
import org.usermem.kernel.time.TimeSource;
import org.usermem.kernel.time.TimerSetting;
import org.usermem.linux.abi.Timespec;

/**
 * setitimer(2), alarm(2), timer_create(2) and what goes with it; kernel/time/itimer.c,
 * posix-timers.c.
 */
public final class TimerCalls {
  private static final int TIMER_ABSTIME = 1;
  private static final int SETTING_BYTE_COUNT = 32;
  private static final int SIGEVENT_BYTE_COUNT = 64;

  private static final int SIGEV_SIGNAL = 0;
  private static final int SIGEV_NONE = 1;
  private static final int SIGEV_THREAD = 2;
  private static final int SIGEV_THREAD_ID = 4;

  private static final ProcessTimers.Kind[] KINDS = ProcessTimers.Kind.values();

  private TimerCalls() {}

  private static IntervalTimer timer(Task task, int which) {
    if (which < 0 || which >= KINDS.length) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return task.threadGroup().timers().timer(KINDS[which]);
  }

  /** getitimer(which, value). */
  public static long getitimer(Task task, SyscallArguments args) {
    copyOutMicroseconds(task, timer(task, args.asInt(0)).remaining(), args.asLong(1));
    return 0;
  }

  /** setitimer(which, value, ovalue). */
  public static long setitimer(Task task, SyscallArguments args) {
    TimerSetting setting = TimerSetting.DISARMED;
    if (args.asLong(1) != 0) {
      MemorySegment value = task.scratch(SETTING_BYTE_COUNT);
      task.copyInFully(args.asLong(1), value);
      long interval = Timespec.decodeMicroseconds(value, 0);
      setting = new TimerSetting(Timespec.decodeMicroseconds(value, 16), interval);
    }
    TimerSetting before = timer(task, args.asInt(0)).set(setting, false);
    if (args.asLong(2) != 0) {
      copyOutMicroseconds(task, before, args.asLong(2));
    }
    return 0;
  }

  /** alarm(seconds). */
  public static long alarm(Task task, SyscallArguments args) {
    long nanos = args.asUnsignedInt(0) * Timespec.NANOSECONDS;
    IntervalTimer timer = task.threadGroup().timers().timer(ProcessTimers.Kind.REAL);
    long left = timer.set(new TimerSetting(nanos, 0), false).valueNanos();
    // Rounded to whole seconds, but never to 0 while something was left.
    long seconds = (left + Timespec.NANOSECONDS / 2) / Timespec.NANOSECONDS;
    return left > 0 ? Math.max(1, seconds) : 0;
  }

  private static void copyOutMicroseconds(Task task, TimerSetting setting, long address) {
    MemorySegment value = task.scratch(SETTING_BYTE_COUNT);
    Timespec.encodeMicroseconds(setting.intervalNanos(), value, 0);
    long left = setting.valueNanos();
    Timespec.encodeMicroseconds(left > 0 ? Math.max(left, 1000) : 0, value, 16);
    task.copyOutFully(address, value);
  }

  /** Reads {@code struct itimerspec}. */
  public static TimerSetting copyIn(Task task, long address) {
    MemorySegment value = task.scratch(SETTING_BYTE_COUNT);
    task.copyInFully(address, value);
    long interval = Timespec.decodeNanoseconds(value, 0);
    return new TimerSetting(Timespec.decodeNanoseconds(value, 16), interval);
  }

  /** Writes {@code struct itimerspec}. */
  public static void copyOut(Task task, TimerSetting setting, long address) {
    MemorySegment value = task.scratch(SETTING_BYTE_COUNT);
    Timespec.encodeNanoseconds(setting.intervalNanos(), value, 0);
    Timespec.encodeNanoseconds(setting.valueNanos(), value, 16);
    task.copyOutFully(address, value);
  }

  /** timer_create(which_clock, timer_event_spec, created_timer_id). */
  public static long create(Task task, SyscallArguments args) {
    TimeSource clock = ClockIds.of(task, args.asInt(0));
    int signo = Signals.SIGALRM;
    @Nullable Long value = null;
    @Nullable Task target = null;
    if (args.asLong(1) != 0) {
      MemorySegment event = task.scratch(SIGEVENT_BYTE_COUNT);
      task.copyInFully(args.asLong(1), event);
      value = event.get(JAVA_LONG_UNALIGNED, 0);
      signo = event.get(JAVA_INT_UNALIGNED, 8);
      int tid = event.get(JAVA_INT_UNALIGNED, 16);
      switch (event.get(JAVA_INT_UNALIGNED, 12)) {
        case SIGEV_NONE -> signo = 0;
        case SIGEV_SIGNAL, SIGEV_THREAD -> requireSignal(signo);
        case SIGEV_THREAD_ID -> {
          requireSignal(signo);
          target = task.kernel().task(tid);
          if (target == null || target.threadGroup() != task.threadGroup()) {
            throw LinuxException.of(Errno.EINVAL);
          }
        }
        default -> throw LinuxException.of(Errno.EINVAL);
      }
    }
    ProcessTimers timers = task.threadGroup().timers();
    int id = timers.create(clock, signo, value, target);
    try {
      task.copyOutInt(args.asLong(2), id);
    } catch (LinuxException e) {
      timers.delete(id);
      throw e;
    }
    return 0;
  }

  private static void requireSignal(int signo) {
    if (!Signals.isValid(signo)) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  /** timer_settime(timer_id, flags, new_setting, old_setting). */
  public static long settime(Task task, SyscallArguments args) {
    if (args.asLong(2) == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    TimerSetting setting = copyIn(task, args.asLong(2));
    boolean absolute = (args.asInt(1) & TIMER_ABSTIME) != 0;
    TimerSetting before = task.threadGroup().timers().get(args.asInt(0)).set(setting, absolute);
    if (args.asLong(3) != 0) {
      copyOut(task, before, args.asLong(3));
    }
    return 0;
  }

  /** timer_gettime(timer_id, setting). */
  public static long gettime(Task task, SyscallArguments args) {
    copyOut(task, task.threadGroup().timers().get(args.asInt(0)).remaining(), args.asLong(1));
    return 0;
  }

  /** timer_getoverrun(timer_id). */
  public static long getoverrun(Task task, SyscallArguments args) {
    return task.threadGroup().timers().get(args.asInt(0)).overrun();
  }

  /** timer_delete(timer_id). */
  public static long delete(Task task, SyscallArguments args) {
    task.threadGroup().timers().delete(args.asInt(0));
    return 0;
  }
}
