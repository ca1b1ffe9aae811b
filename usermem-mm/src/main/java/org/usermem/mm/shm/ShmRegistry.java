package org.usermem.mm.shm;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.MemoryFile;

/**
 * The segments of one IPC namespace: Linux's {@code ipc/shm.c}.
 *
 * <p>Thread-safe. Its lock comes before those of segments.
 */
public final class ShmRegistry {

  /** IPC_PRIVATE: the key of a segment that nobody can find by its key. */
  public static final int PRIVATE_KEY = 0;

  /** IPC_CREAT. */
  public static final int CREATE = 01000;

  /** IPC_EXCL. */
  public static final int EXCLUSIVE = 02000;

  /** Bits of a number that are the index; the rest tells users of one index apart. */
  private static final int INDEX_BITS = 15;

  private static final int SEQUENCES = 1 << 16;

  private final MemoryFile file;
  private final ShmLimits limits;
  private final LongSupplier clock;
  private final IntSupplier currentPid;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock:
  private final TreeMap<Integer, ShmSegment> byIndex = new TreeMap<>();
  private long totalPages;
  private int sequence;

  /**
   * Makes an empty registry.
   *
   * @param file where pages come from
   * @param clock gives the time in seconds since 1970; called under locks, so it takes none
   * @param currentPid gives the process of the calling thread, 0 for none; takes no locks either
   */
  public ShmRegistry(
      MemoryFile file, ShmLimits limits, LongSupplier clock, IntSupplier currentPid) {
    this.file = file;
    this.limits = limits;
    this.clock = clock;
    this.currentPid = currentPid;
  }

  /** Returns the limits. */
  public ShmLimits limits() {
    return limits;
  }

  long seconds() {
    return clock.getAsLong();
  }

  int currentPid() {
    return currentPid.getAsInt();
  }

  /**
   * Finds or makes a segment as shmget(2) does.
   *
   * @param byteCount the size, unsigned
   * @param flags permission bits, CREATE and EXCLUSIVE
   * @throws LinuxException EINVAL, EEXIST, ENOENT, ENOSPC or EACCES
   */
  public ShmSegment get(int key, long byteCount, int flags, IpcCaller caller) {
    lock.lock();
    try {
      ShmSegment found = key == PRIVATE_KEY ? null : findByKeyLocked(key);
      if (found == null) {
        if (key != PRIVATE_KEY && (flags & CREATE) == 0) {
          throw LinuxException.of(Errno.ENOENT);
        }
        return createLocked(key, byteCount, flags, caller);
      }
      if ((flags & (CREATE | EXCLUSIVE)) == (CREATE | EXCLUSIVE)) {
        throw LinuxException.of(Errno.EEXIST);
      }
      if (Addr.lessThan(found.byteCount(), byteCount)) {
        throw LinuxException.of(Errno.EINVAL);
      }
      found.requireMode(caller, flags);
      return found;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable ShmSegment findByKeyLocked(int key) {
    for (ShmSegment segment : byIndex.values()) {
      if (segment.key() == key) {
        return segment;
      }
    }
    return null;
  }

  private ShmSegment createLocked(int key, long byteCount, int flags, IpcCaller caller) {
    // No file is longer than a signed number says (shmem_file_setup).
    if (byteCount <= 0 || Addr.lessThan(limits.segmentBytes(), byteCount)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long pages = Addr.pageNumber(Addr.pageRoundUp(byteCount));
    if (Long.compareUnsigned(totalPages + pages, limits.totalPages()) > 0
        || byIndex.size() >= limits.segmentCount()) {
      throw LinuxException.of(Errno.ENOSPC);
    }
    int index = 0;
    while (byIndex.containsKey(index)) {
      index++;
    }
    int id = (sequence % SEQUENCES) << INDEX_BITS | index;
    sequence++;
    IpcPermissions permissions = IpcPermissions.ofNew(caller, flags);
    ShmSegment segment = new ShmSegment(this, file, id, key, byteCount, permissions, caller.pid());
    byIndex.put(index, segment);
    totalPages += pages;
    return segment;
  }

  /**
   * Finds a segment by its number.
   *
   * @throws LinuxException EINVAL if there is none
   */
  public ShmSegment find(int id) {
    lock.lock();
    try {
      ShmSegment segment = byIndex.get(id & ((1 << INDEX_BITS) - 1));
      if (segment == null || segment.id() != id) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return segment;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Finds a segment by its index, as SHM_STAT does.
   *
   * @throws LinuxException EINVAL if there is none
   */
  public ShmSegment findByIndex(int index) {
    lock.lock();
    try {
      ShmSegment segment = byIndex.get(index);
      if (segment == null) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return segment;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the highest index in use, or 0: what SHM_INFO and IPC_INFO return. */
  public int highestIndex() {
    lock.lock();
    try {
      return byIndex.isEmpty() ? 0 : byIndex.lastKey();
    } finally {
      lock.unlock();
    }
  }

  /** Returns all segments, in the order of their indexes. */
  public List<ShmSegment> segments() {
    lock.lock();
    try {
      return new ArrayList<>(byIndex.values());
    } finally {
      lock.unlock();
    }
  }

  /** Returns the pages of all segments together. */
  public long totalPages() {
    lock.lock();
    try {
      return totalPages;
    } finally {
      lock.unlock();
    }
  }

  void forget(ShmSegment segment) {
    lock.lock();
    try {
      if (byIndex.remove(segment.id() & ((1 << INDEX_BITS) - 1), segment)) {
        totalPages -= Addr.pageNumber(Addr.pageRoundUp(segment.byteCount()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops every segment that nobody has attached, at the end of the namespace. */
  public void close() {
    for (ShmSegment segment : segments()) {
      segment.removeAtEnd();
    }
  }
}
