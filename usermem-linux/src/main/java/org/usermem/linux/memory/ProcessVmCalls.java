package org.usermem.linux.memory;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.kernel.MemoryUse;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.process.Targets;
import org.usermem.mm.Advice;
import org.usermem.mm.MemoryManager;

/** process_vm_readv(2), process_vm_writev(2) and process_madvise(2); mm/process_vm_access.c. */
public final class ProcessVmCalls {
  private static final int CHUNK = 64 << 10;

  private ProcessVmCalls() {}

  /** process_vm_readv(pid, lvec, liovcnt, rvec, riovcnt, flags). */
  public static long readv(Task task, SyscallArguments args) {
    return transfer(task, args, false);
  }

  /** process_vm_writev(pid, lvec, liovcnt, rvec, riovcnt, flags). */
  public static long writev(Task task, SyscallArguments args) {
    return transfer(task, args, true);
  }

  private static long transfer(Task task, SyscallArguments args, boolean writes) {
    if (args.asLong(5) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    AddrRangeSeq local = task.copyInIovecs(args.asLong(1), args.asLong(2));
    if (local.numBytes() == 0) {
      return 0;
    }
    AddrRangeSeq remote = Targets.remoteIovecs(task, args.asLong(3), args.asLong(4));
    if (remote.numBytes() == 0) {
      return 0;
    }
    Task target = Targets.traceable(task, args.asInt(0));
    try (MemoryUse use = target.useMemory()) {
      return writes
          ? copy(task.memoryManager(), local, use.memory(), remote)
          : copy(use.memory(), remote, task.memoryManager(), local);
    }
  }

  /**
   * Copies between address spaces through a buffer of our own, so that no page of one is held while
   * the other faults.
   */
  private static long copy(
      MemoryManager from, AddrRangeSeq source, MemoryManager to, AddrRangeSeq target) {
    long total = Math.min(source.numBytes(), target.numBytes());
    MemorySegment buffer = MemorySegment.ofArray(new byte[(int) Math.min(total, CHUNK)]);
    AddrRangeSeq src = source;
    AddrRangeSeq dst = target;
    long done = 0;
    while (done < total) {
      long wanted = Math.min(buffer.byteSize(), total - done);
      long moved;
      try {
        long read = from.copyIn(src, buffer, 0, wanted, IOOpts.DEFAULT);
        moved = to.copyOut(dst, buffer, 0, read, IOOpts.DEFAULT);
      } catch (LinuxException e) {
        if (done > 0) {
          return done;
        }
        throw e;
      }
      done += moved;
      if (moved < wanted) {
        return done;
      }
      src = src.dropFirst(moved);
      dst = dst.dropFirst(moved);
    }
    return done;
  }

  /** process_madvise(pidfd, vec, vlen, behavior, flags). */
  public static long madvise(Task task, SyscallArguments args) {
    if (args.asInt(4) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    AddrRangeSeq ranges = task.copyInIovecs(args.asLong(1), args.asLong(2));
    Task target = Targets.ofPidfd(task, args.asInt(0)).leader();
    Advice advice = AdviceCalls.advice(args.asInt(3));
    boolean isHint =
        switch (advice) {
          case COLD, PAGEOUT, WILLNEED -> true;
          default -> false;
        };
    if (!isHint && target.threadGroup() != task.threadGroup()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long done = 0;
    try (MemoryUse use = target.useMemory()) {
      for (int i = 0; i < ranges.rangeCount(); i++) {
        try {
          use.memory().madvise(ranges.start(i), ranges.byteCount(i), advice);
        } catch (LinuxException e) {
          if (done > 0) {
            return done;
          }
          throw e;
        }
        done += ranges.byteCount(i);
      }
    }
    return done;
  }
}
