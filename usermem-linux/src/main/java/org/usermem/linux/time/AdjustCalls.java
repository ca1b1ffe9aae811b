package org.usermem.linux.time;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.abi.Timespec;

/**
 * adjtimex(2): the clock shows as one that nothing keeps in step, and nobody may change that, for
 * it is the host's.
 */
public final class AdjustCalls {
  /** What the call returns of a clock that is not kept in step (TIME_ERROR). */
  private static final long TIME_ERROR = 5;

  private static final int STA_UNSYNC = 0x40;
  private static final long MAXIMUM_ERROR_MICROSECONDS = 16_000_000;
  private static final long TIME_CONSTANT = 2;
  private static final long PRECISION_MICROSECONDS = 1;
  private static final long TOLERANCE = 32_768_000;
  private static final long TICK_MICROSECONDS = 10_000;

  /** ADJ_OFFSET_SS_READ: old adjtime(3), read only. */
  private static final int READ_ONLY = 0xa001;

  // struct timex
  private static final int BYTE_COUNT = 208;
  private static final int MAXIMUM_ERROR = 24;
  private static final int ESTIMATED_ERROR = 32;
  private static final int STATUS = 40;
  private static final int CONSTANT = 48;
  private static final int PRECISION = 56;
  private static final int TOLERANCE_AT = 64;
  private static final int TIME = 72;
  private static final int TICK = 88;

  private AdjustCalls() {}

  /** adjtimex(txc_p). */
  public static long adjtimex(Task task, SyscallArguments args) {
    return adjust(task, args.asLong(0));
  }

  /** clock_adjtime(which_clock, tx). */
  public static long clockAdjtime(Task task, SyscallArguments args) {
    int clock = args.asInt(0);
    ClockIds.of(task, clock);
    if (clock != ClockIds.REALTIME) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    }
    return adjust(task, args.asLong(1));
  }

  private static long adjust(Task task, long address) {
    MemorySegment timex = task.scratch(BYTE_COUNT);
    task.copyInFully(address, timex);
    int modes = timex.get(JAVA_INT_UNALIGNED, 0);
    if (modes != 0 && modes != READ_ONLY) {
      throw LinuxException.of(Errno.EPERM);
    }
    timex.asSlice(8).fill((byte) 0);
    timex.set(JAVA_LONG_UNALIGNED, MAXIMUM_ERROR, MAXIMUM_ERROR_MICROSECONDS);
    timex.set(JAVA_LONG_UNALIGNED, ESTIMATED_ERROR, MAXIMUM_ERROR_MICROSECONDS);
    timex.set(JAVA_INT_UNALIGNED, STATUS, STA_UNSYNC);
    timex.set(JAVA_LONG_UNALIGNED, CONSTANT, TIME_CONSTANT);
    timex.set(JAVA_LONG_UNALIGNED, PRECISION, PRECISION_MICROSECONDS);
    timex.set(JAVA_LONG_UNALIGNED, TOLERANCE_AT, TOLERANCE);
    Timespec.encodeMicroseconds(Clocks.realtimeNanos(), timex, TIME);
    timex.set(JAVA_LONG_UNALIGNED, TICK, TICK_MICROSECONDS);
    task.copyOutFully(address, timex);
    return TIME_ERROR;
  }
}
