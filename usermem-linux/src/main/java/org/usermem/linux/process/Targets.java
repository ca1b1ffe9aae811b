package org.usermem.linux.process;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;

/** Other tasks, as system calls name them. */
public final class Targets {
  private static final int IOV_MAX = 1024;

  /** Nothing is ever mapped from here on. */
  private static final long NOT_CANONICAL = Long.MIN_VALUE;

  private Targets() {}

  /**
   * Returns the task of a number.
   *
   * @throws LinuxException ESRCH if there is none
   */
  public static Task task(Task caller, int tid) {
    Task target = caller.kernel().task(tid);
    if (target == null) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return target;
  }

  /**
   * Returns a task into which the caller may look.
   *
   * @throws LinuxException ESRCH if there is none; EPERM if it may not
   */
  public static Task traceable(Task caller, int tid) {
    Task target = task(caller, tid);
    caller.relations().checkMayAccess(target, false);
    return target;
  }

  /**
   * Returns the process that a pidfd stands for.
   *
   * @throws LinuxException EBADF if the descriptor is no pidfd; ESRCH if the process is gone
   */
  public static ThreadGroup ofPidfd(Task caller, int fd) {
    FileDescription file = caller.files().get(fd);
    try {
      return ofPidfd(file);
    } finally {
      file.decRef();
    }
  }

  static ThreadGroup ofPidfd(FileDescription file) {
    if (file instanceof ProcessDescription process) {
      return process.process();
    }
    throw LinuxException.of(Errno.EBADF);
  }

  /**
   * Copies a vector whose ranges are another address space's, so that they are not checked against
   * the caller's.
   */
  public static AddrRangeSeq remoteIovecs(Task task, long address, long count) {
    if (count < 0 || count > IOV_MAX) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (count == 0) {
      return AddrRangeSeq.empty();
    }
    long[] pairs = new long[(int) count * 2];
    task.copyInFully(address, MemorySegment.ofArray(pairs));
    return remoteRanges(pairs);
  }

  /**
   * Returns ranges of another address space.
   *
   * @param pairs start and byte count of each, as a program gave them; changed
   * @throws LinuxException EINVAL if there are 2^63 bytes or more in one of them or in all
   */
  static AddrRangeSeq remoteRanges(long[] pairs) {
    long total = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      long byteCount = pairs[i + 1];
      total += byteCount;
      if (byteCount < 0 || total < 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if (Addr.addOverflows(pairs[i], byteCount)) {
        // It faults at its first byte, and so does what takes its place.
        pairs[i] = NOT_CANONICAL;
      }
    }
    return AddrRangeSeq.ofPairs(pairs, pairs.length / 2);
  }
}
