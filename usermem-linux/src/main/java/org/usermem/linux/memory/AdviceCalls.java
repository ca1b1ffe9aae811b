package org.usermem.linux.memory;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.memmap.LockMode;
import org.usermem.mm.Advice;
import org.usermem.mm.RemapOptions;

/**
 * mremap(2), madvise(2), msync(2), mincore(2) and mlock(2) with its kin; mm/mremap.c, madvise.c,
 * mlock.c.
 */
public final class AdviceCalls {
  private static final int MREMAP_MAYMOVE = 1;
  private static final int MREMAP_FIXED = 2;
  private static final int MREMAP_DONTUNMAP = 4;

  private static final int MS_ASYNC = 1;
  private static final int MS_INVALIDATE = 2;
  private static final int MS_SYNC = 4;

  private static final int MLOCK_ONFAULT = 1;
  private static final int MCL_CURRENT = 1;
  private static final int MCL_FUTURE = 2;
  private static final int MCL_ONFAULT = 4;

  private static final int MINCORE_CHUNK = 4096;

  private AdviceCalls() {}

  /** mremap(addr, old_len, new_len, flags, new_addr). */
  public static long mremap(Task task, SyscallArguments args) {
    long flags = args.asLong(3);
    if ((flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    RemapOptions options =
        new RemapOptions(
            (flags & MREMAP_MAYMOVE) != 0,
            (flags & MREMAP_FIXED) != 0,
            (flags & MREMAP_DONTUNMAP) != 0,
            args.asLong(4));
    return task.memoryManager().mremap(args.asLong(0), args.asLong(1), args.asLong(2), options);
  }

  /** madvise(start, len_in, behavior). */
  public static long madvise(Task task, SyscallArguments args) {
    task.memoryManager().madvise(args.asLong(0), args.asLong(1), advice(args.asInt(2)));
    return 0;
  }

  static Advice advice(int number) {
    Advice advice = Advice.ofNumber(number);
    if (advice == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return advice;
  }

  /** msync(start, len, flags). */
  public static long msync(Task task, SyscallArguments args) {
    int flags = args.asInt(2);
    boolean both = (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC);
    if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0 || both) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.memoryManager()
        .msync(
            args.asLong(0), args.asLong(1), (flags & MS_SYNC) != 0, (flags & MS_INVALIDATE) != 0);
    return 0;
  }

  /** mincore(start, len, vec). */
  public static long mincore(Task task, SyscallArguments args) {
    long start = args.asLong(0);
    long byteCount = args.asLong(1);
    if (!Addr.isPageAligned(start)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long limit = task.memoryManager().layout().maxAddress();
    if (Addr.addOverflows(start, byteCount) || !Addr.atMost(start + byteCount, limit)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    long pages = byteCount / Addr.PAGE_SIZE + (byteCount % Addr.PAGE_SIZE == 0 ? 0 : 1);
    long vector = args.asLong(2);
    for (long done = 0; done < pages; ) {
      byte[] residency = new byte[(int) Math.min(pages - done, MINCORE_CHUNK)];
      task.memoryManager().mincore(start + done * Addr.PAGE_SIZE, residency);
      task.copyOutFully(vector + done, MemorySegment.ofArray(residency));
      done += residency.length;
    }
    return 0;
  }

  /** mlock(start, len). */
  public static long mlock(Task task, SyscallArguments args) {
    task.memoryManager().mlock(args.asLong(0), args.asLong(1), LockMode.EAGER);
    return 0;
  }

  /** mlock2(start, len, flags). */
  public static long mlock2(Task task, SyscallArguments args) {
    int flags = args.asInt(2);
    if ((flags & ~MLOCK_ONFAULT) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    LockMode mode = flags != 0 ? LockMode.LAZY : LockMode.EAGER;
    task.memoryManager().mlock(args.asLong(0), args.asLong(1), mode);
    return 0;
  }

  /** munlock(start, len). */
  public static long munlock(Task task, SyscallArguments args) {
    task.memoryManager().mlock(args.asLong(0), args.asLong(1), LockMode.NONE);
    return 0;
  }

  /** mlockall(flags). */
  public static long mlockall(Task task, SyscallArguments args) {
    int flags = args.asInt(0);
    if (flags == 0
        || flags == MCL_ONFAULT
        || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.memoryManager()
        .mlockAll(
            (flags & MCL_CURRENT) != 0,
            (flags & MCL_FUTURE) != 0,
            (flags & MCL_ONFAULT) != 0 ? LockMode.LAZY : LockMode.EAGER);
    return 0;
  }

  /** munlockall(). */
  public static long munlockall(Task task) {
    task.memoryManager().munlockAll();
    return 0;
  }
}
