package org.usermem.linux.time;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.kernel.time.TimeSource;
import org.usermem.linux.abi.Timespec;

/**
 * Reading clocks and sleeping: clock_gettime(2), gettimeofday(2), time(2), nanosleep(2),
 * clock_nanosleep(2).
 */
public final class ClockCalls {
  private static final int TIMER_ABSTIME = 1;

  private ClockCalls() {}

  /** clock_gettime(which_clock, tp). */
  public static long clockGettime(Task task, SyscallArguments args) {
    return copyOut(task, ClockIds.of(task, args.asInt(0)).nanos(), args.asLong(1));
  }

  /** clock_getres(which_clock, tp). */
  public static long clockGetres(Task task, SyscallArguments args) {
    long resolution = ClockIds.resolutionNanos(task, args.asInt(0));
    return args.asLong(1) == 0 ? 0 : copyOut(task, resolution, args.asLong(1));
  }

  /** clock_settime(which_clock, tp): nobody may set the host's clocks. */
  public static long clockSettime(Task task, SyscallArguments args) {
    int clock = args.asInt(0);
    ClockIds.of(task, clock);
    if (clock > ClockIds.REALTIME) {
      // The others have no way to be set.
      throw LinuxException.of(Errno.EINVAL);
    }
    copyInNanos(task, args.asLong(1));
    throw LinuxException.of(Errno.EPERM);
  }

  /**
   * settimeofday(tv, tz): nobody may set the host's clocks.
   *
   * @return 0 if there is nothing to set
   */
  public static long settimeofday(Task task, SyscallArguments args) {
    if (args.asLong(0) == 0 && args.asLong(1) == 0) {
      return 0;
    }
    if (args.asLong(0) != 0) {
      MemorySegment time = task.scratch(Timespec.BYTE_COUNT);
      task.copyInFully(args.asLong(0), time);
      Timespec.decodeMicroseconds(time, 0);
    }
    throw LinuxException.of(Errno.EPERM);
  }

  /** gettimeofday(tv, tz). */
  public static long gettimeofday(Task task, SyscallArguments args) {
    if (args.asLong(0) != 0) {
      MemorySegment time = task.scratch(Timespec.BYTE_COUNT);
      Timespec.encodeMicroseconds(Clocks.realtimeNanos(), time, 0);
      task.copyOutFully(args.asLong(0), time);
    }
    if (args.asLong(1) != 0) {
      MemorySegment zone = task.scratch(8);
      zone.set(JAVA_INT_UNALIGNED, 0, 0);
      zone.set(JAVA_INT_UNALIGNED, 4, 0);
      task.copyOutFully(args.asLong(1), zone);
    }
    return 0;
  }

  /** time(tloc). */
  public static long time(Task task, SyscallArguments args) {
    long seconds = Math.floorDiv(Clocks.realtimeNanos(), Timespec.NANOSECONDS);
    if (args.asLong(0) != 0) {
      task.copyOutLong(args.asLong(0), seconds);
    }
    return seconds;
  }

  private static long copyOut(Task task, long nanos, long address) {
    MemorySegment time = task.scratch(Timespec.BYTE_COUNT);
    Timespec.encodeNanoseconds(nanos, time, 0);
    task.copyOutFully(address, time);
    return 0;
  }

  /** Reads a timespec of a program; see {@link Timespec#decodeNanoseconds}. */
  public static long copyInNanos(Task task, long address) {
    MemorySegment time = task.scratch(Timespec.BYTE_COUNT);
    task.copyInFully(address, time);
    return Timespec.decodeNanoseconds(time, 0);
  }

  /** nanosleep(rqtp, rmtp). */
  public static long nanosleep(Task task, SyscallArguments args) {
    long nanos = copyInNanos(task, args.asLong(0));
    return sleep(task, Clocks.deadlineAfter(nanos), args.asLong(1));
  }

  /** clock_nanosleep(which_clock, flags, rqtp, rmtp). */
  @SuppressWarnings("ReferenceEquality") // there is one monotonic clock
  public static long clockNanosleep(Task task, SyscallArguments args) {
    int clock = args.asInt(0);
    if (clock == ClockIds.THREAD_CPUTIME
        || clock == ClockIds.MONOTONIC_RAW
        || clock == ClockIds.REALTIME_COARSE
        || clock == ClockIds.MONOTONIC_COARSE) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    }
    TimeSource source = ClockIds.of(task, clock);
    long nanos = copyInNanos(task, args.asLong(2));
    boolean absolute = (args.asInt(1) & TIMER_ABSTIME) != 0;
    long time = absolute ? nanos : Clocks.saturatingAdd(source.nanos(), nanos);
    if (source == Clocks.MONOTONIC && !absolute) {
      return sleep(task, time, args.asLong(3));
    }
    return sleepOn(task, source, time, absolute, args.asLong(3));
  }

  /** Sleeps until a monotonic time; goes on by restart_syscall(2) after a stop. */
  private static long sleep(Task task, long deadline, long remainingAddress) {
    if (task.blocking().sleepUntil(deadline)) {
      return 0;
    }
    if (remainingAddress != 0) {
      copyOut(task, Math.max(0, deadline - Clocks.monotonicNanos()), remainingAddress);
    }
    task.signals().setRestartBlock(() -> sleep(task, deadline, remainingAddress));
    throw SyscallRestart.BY_BLOCK;
  }

  private static long sleepOn(
      Task task, TimeSource source, long time, boolean absolute, long remainingAddress) {
    while (source.nanos() < time) {
      if (!task.blocking().sleepUntil(source.earliestArrival(time)) && source.nanos() < time) {
        if (absolute) {
          throw SyscallRestart.IF_NO_HANDLER;
        }
        if (remainingAddress != 0) {
          copyOut(task, Math.max(0, time - source.nanos()), remainingAddress);
        }
        task.signals().setRestartBlock(() -> sleepOn(task, source, time, false, remainingAddress));
        throw SyscallRestart.BY_BLOCK;
      }
    }
    return 0;
  }
}
