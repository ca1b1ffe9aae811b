package org.usermem.linux.poll;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Blocking;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.file.DescriptorCalls;
import org.usermem.linux.signal.TemporaryMask;

/** poll(2) and ppoll(2). */
public final class PollCalls {
  private static final int ENTRY_BYTE_COUNT = 8;

  private PollCalls() {}

  /** poll(ufds, nfds, timeout_msecs). */
  public static long poll(Task task, SyscallArguments args) {
    int timeout = args.asInt(2);
    long deadline = PollSet.DO_NOT_WAIT;
    if (timeout < 0) {
      deadline = Clocks.NEVER;
    } else if (timeout > 0) {
      deadline = Clocks.deadlineAfter(timeout * 1_000_000L);
    }
    return pollUntil(task, args.asLong(0), args.asUnsignedInt(1), deadline);
  }

  private static long pollUntil(Task task, long address, long count, long deadline) {
    try {
      return poll(task, address, count, deadline);
    } catch (SyscallRestart e) {
      task.signals().setRestartBlock(() -> pollUntil(task, address, count, deadline));
      throw SyscallRestart.BY_BLOCK;
    }
  }

  /** ppoll(ufds, nfds, tsp, sigmask, sigsetsize). */
  public static long ppoll(Task task, SyscallArguments args) {
    Timeout timeout = Timeout.copyIn(task, args.asLong(2));
    TemporaryMask.begin(task, args.asLong(3), args.asLong(4));
    boolean interrupted = false;
    try {
      return poll(task, args.asLong(0), args.asUnsignedInt(1), timeout.deadline());
    } catch (SyscallRestart e) {
      interrupted = true;
      throw e;
    } finally {
      TemporaryMask.end(task, interrupted);
      timeout.copyOutRest(task);
    }
  }

  private static long poll(Task task, long address, long count, long deadline) {
    if (Long.compareUnsigned(count, DescriptorCalls.limit(task)) > 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    MemorySegment entries = MemorySegment.ofArray(new byte[(int) count * ENTRY_BYTE_COUNT]);
    if (count > 0) {
      task.copyInFully(address, entries);
    }
    try (PollSet set = new PollSet(task, (int) count)) {
      for (int i = 0; i < count; i++) {
        int fd = entries.get(JAVA_INT_UNALIGNED, (long) i * ENTRY_BYTE_COUNT);
        if (fd < 0) {
          set.addNothing();
        } else {
          set.add(fd, entries.get(JAVA_SHORT_UNALIGNED, (long) i * ENTRY_BYTE_COUNT + 4) & 0xffff);
        }
      }
      Blocking.Outcome outcome = set.await(deadline);
      if (outcome == Blocking.Outcome.INTERRUPTED) {
        throw SyscallRestart.IF_NO_HANDLER;
      }
      int ready = 0;
      for (int i = 0; i < count; i++) {
        ready += set.ready(i) != 0 ? 1 : 0;
        entries.set(JAVA_SHORT_UNALIGNED, (long) i * ENTRY_BYTE_COUNT + 6, (short) set.ready(i));
      }
      if (count > 0) {
        task.copyOutFully(address, entries);
      }
      return ready;
    }
  }
}
