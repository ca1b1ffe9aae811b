package org.usermem.linux.time;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.time.Clocks;
import org.usermem.kernel.time.TimeSource;

/** The clocks that programs can name (clock_gettime(2)). */
public final class ClockIds {
  /** Wall time. */
  public static final int REALTIME = 0;

  /** Time since the host started. */
  public static final int MONOTONIC = 1;

  static final int PROCESS_CPUTIME = 2;
  static final int THREAD_CPUTIME = 3;
  static final int MONOTONIC_RAW = 4;
  static final int REALTIME_COARSE = 5;
  static final int MONOTONIC_COARSE = 6;
  static final int BOOTTIME = 7;
  static final int REALTIME_ALARM = 8;
  static final int BOOTTIME_ALARM = 9;
  static final int TAI = 11;

  private static final int PER_THREAD_MASK = 4;
  private static final int KIND_MASK = 3;
  private static final int KIND_DESCRIPTOR = 3;

  private ClockIds() {}

  /** Whether a clock follows the wall clock. */
  public static boolean isRealtime(int clock) {
    return clock == REALTIME || clock == REALTIME_ALARM || clock == TAI;
  }

  /**
   * Returns a clock.
   *
   * @throws LinuxException EINVAL if the number names none
   */
  public static TimeSource of(Task task, int clock) {
    if (clock < 0) {
      return ofProcessor(task, clock);
    }
    return switch (clock) {
      case REALTIME, REALTIME_COARSE, REALTIME_ALARM, TAI -> Clocks.REALTIME;
      case MONOTONIC, MONOTONIC_RAW, MONOTONIC_COARSE, BOOTTIME, BOOTTIME_ALARM -> Clocks.MONOTONIC;
      case PROCESS_CPUTIME -> task.threadGroup().processorClock();
      case THREAD_CPUTIME -> task.processorClock();
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }

  /**
   * Clocks of other tasks: the complement of a number in the upper bits (clock_getcpuclockid(3)).
   */
  private static TimeSource ofProcessor(Task task, int clock) {
    int kind = clock & KIND_MASK;
    if (kind == KIND_DESCRIPTOR) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int pid = ~(clock >> 3);
    if ((clock & PER_THREAD_MASK) != 0) {
      @Nullable Task target = pid == 0 ? task : task.kernel().task(pid);
      if (target == null || target.threadGroup() != task.threadGroup()) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return target.processorClock();
    }
    @Nullable ThreadGroup target = pid == 0 ? task.threadGroup() : task.kernel().process(pid);
    if (target == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return target.processorClock();
  }

  /** The resolution of a clock in nanoseconds. */
  static long resolutionNanos(Task task, int clock) {
    if (clock == REALTIME_COARSE || clock == MONOTONIC_COARSE) {
      return 4_000_000;
    }
    of(task, clock);
    return 1;
  }
}
