package org.usermem.linux.poll;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.Readiness;
import org.usermem.kernel.Blocking;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.linux.signal.TemporaryMask;

/** select(2) and pselect6(2). */
public final class SelectCalls {
  private static final int IN = Readiness.READABLE | Readiness.HANG_UP | Readiness.ERROR;
  private static final int OUT = Readiness.WRITABLE | Readiness.ERROR;
  private static final int EXCEPTIONAL = Readiness.PRIORITY;

  private SelectCalls() {}

  /** select(n, inp, outp, exp, tvp). */
  public static long select(Task task, SyscallArguments args) {
    Timeout timeout = Timeout.copyInMicroseconds(task, args.asLong(4));
    try {
      return select(task, args, timeout.deadline());
    } finally {
      timeout.copyOutRest(task);
    }
  }

  /** pselect6(n, inp, outp, exp, tsp, sig): the last points to a mask and its length. */
  public static long pselect(Task task, SyscallArguments args) {
    Timeout timeout = Timeout.copyIn(task, args.asLong(4));
    long mask = 0;
    long maskByteCount = 0;
    if (args.asLong(5) != 0) {
      MemorySegment pair = task.scratch(16);
      task.copyInFully(args.asLong(5), pair);
      mask = pair.get(JAVA_LONG_UNALIGNED, 0);
      maskByteCount = pair.get(JAVA_LONG_UNALIGNED, 8);
    }
    TemporaryMask.begin(task, mask, maskByteCount);
    boolean interrupted = false;
    try {
      return select(task, args, timeout.deadline());
    } catch (SyscallRestart e) {
      interrupted = true;
      throw e;
    } finally {
      TemporaryMask.end(task, interrupted);
      timeout.copyOutRest(task);
    }
  }

  private static long select(Task task, SyscallArguments args, long deadline) {
    int count = args.asInt(0);
    if (count < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    // No descriptor is beyond the table, so bits beyond it can't be of an open one.
    int limit = Math.min(count, task.files().capacity());
    BitSet in = copyIn(task, args.asLong(1), limit);
    BitSet out = copyIn(task, args.asLong(2), limit);
    BitSet exceptional = copyIn(task, args.asLong(3), limit);
    BitSet all = (BitSet) in.clone();
    all.or(out);
    all.or(exceptional);
    try (PollSet set = new PollSet(task, all.cardinality())) {
      for (int fd = all.nextSetBit(0); fd >= 0; fd = all.nextSetBit(fd + 1)) {
        int interest = in.get(fd) ? IN : 0;
        interest |= out.get(fd) ? OUT : 0;
        interest |= exceptional.get(fd) ? EXCEPTIONAL : 0;
        if (!set.add(fd, interest)) {
          throw LinuxException.of(Errno.EBADF);
        }
      }
      return wait(task, args, set, new Sets(in, out, exceptional, all), deadline, limit);
    }
  }

  private record Sets(BitSet in, BitSet out, BitSet exceptional, BitSet all) {}

  private static long wait(
      Task task, SyscallArguments args, PollSet set, Sets sets, long deadline, int limit) {
    Blocking.Outcome outcome = set.await(deadline);
    int ready = 0;
    int index = 0;
    for (int fd = sets.all.nextSetBit(0); fd >= 0; fd = sets.all.nextSetBit(fd + 1)) {
      int found = set.ready(index++);
      ready += keep(sets.in, fd, (found & IN) != 0);
      ready += keep(sets.out, fd, (found & OUT) != 0);
      ready += keep(sets.exceptional, fd, (found & EXCEPTIONAL) != 0);
    }
    if (ready == 0 && outcome == Blocking.Outcome.INTERRUPTED) {
      throw SyscallRestart.IF_NO_HANDLER;
    }
    copyOut(task, args.asLong(1), sets.in, limit);
    copyOut(task, args.asLong(2), sets.out, limit);
    copyOut(task, args.asLong(3), sets.exceptional, limit);
    return ready;
  }

  private static int keep(BitSet set, int fd, boolean ready) {
    if (!set.get(fd)) {
      return 0;
    }
    set.set(fd, ready);
    return ready ? 1 : 0;
  }

  private static BitSet copyIn(Task task, long address, int limit) {
    if (address == 0 || limit == 0) {
      return new BitSet();
    }
    long[] words = new long[(limit + 63) / 64];
    task.copyInFully(address, MemorySegment.ofArray(words));
    BitSet set = BitSet.valueOf(words);
    set.clear(limit, words.length * 64);
    return set;
  }

  private static void copyOut(Task task, long address, BitSet set, int limit) {
    if (address == 0 || limit == 0) {
      return;
    }
    long[] words = new long[(limit + 63) / 64];
    long[] used = set.toLongArray();
    System.arraycopy(used, 0, words, 0, used.length);
    task.copyOutFully(address, MemorySegment.ofArray(words));
  }
}
