package org.usermem.linux.poll;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.abi.Timespec;

/**
 * The timeout of ppoll(2), pselect6(2) and select(2), which those calls count down in the program's
 * memory.
 *
 * @param address of the structure; 0 for none
 * @param deadline a monotonic time, {@link PollSet#DO_NOT_WAIT}, or {@link Clocks#NEVER}
 * @param inMicroseconds whether it is a timeval
 */
record Timeout(long address, long deadline, boolean inMicroseconds) {
  private static final long STICKY_TIMEOUTS = 0x4000000;

  /** Reads a timespec. */
  static Timeout copyIn(Task task, long address) {
    return copyIn(task, address, false);
  }

  /** Reads a timeval, whose fraction may be more than a second ({@code kern_select}). */
  static Timeout copyInMicroseconds(Task task, long address) {
    return copyIn(task, address, true);
  }

  private static Timeout copyIn(Task task, long address, boolean inMicroseconds) {
    if (address == 0) {
      return new Timeout(0, Clocks.NEVER, inMicroseconds);
    }
    MemorySegment time = task.scratch(Timespec.BYTE_COUNT);
    task.copyInFully(address, time);
    long nanos =
        inMicroseconds
            ? Timespec.decodeLongMicroseconds(time, 0)
            : Timespec.decodeNanoseconds(time, 0);
    long deadline = nanos == 0 ? PollSet.DO_NOT_WAIT : Clocks.deadlineAfter(nanos);
    return new Timeout(address, deadline, inMicroseconds);
  }

  /** Writes what is left; a program that can't be told is not told ({@code poll_select_finish}). */
  void copyOutRest(Task task) {
    if (address == 0 || (task.parts().personality() & STICKY_TIMEOUTS) != 0) {
      return;
    }
    long left =
        deadline == PollSet.DO_NOT_WAIT ? 0 : Math.max(0, deadline - Clocks.monotonicNanos());
    MemorySegment time = task.scratch(Timespec.BYTE_COUNT);
    if (inMicroseconds) {
      Timespec.encodeMicroseconds(left, time, 0);
    } else {
      Timespec.encodeNanoseconds(left, time, 0);
    }
    try {
      task.copyOutFully(address, time);
    } catch (LinuxException e) {
      return;
    }
  }
}
