package org.usermem.platform.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryKind;

/**
 * The book of a memory file: which pages have how many references, what for, and which are free.
 *
 * <p>Reference counts are kept for extents, not for pages, so taking a reference on a gigabyte
 * costs as much as on a page. Freed pages are kept for a while, dirty, because to zero them is ten
 * times as fast as a fresh page; what is too much goes back to the host in long runs.
 *
 * <p>Thread safety: every method may be called from any thread. The lock is held for look-ups only,
 * never while memory is given back; it is a leaf, and no method calls back.
 */
final class PageLedger {

  /** Shorter runs are reused rather than given back: a hole costs as much as 64 pages. */
  static final long SHORTEST_HOLE = 64 * Addr.PAGE_SIZE;

  private final MemoryFileOptions options;
  private final MappedFile file;
  private final @Nullable OwnerLog owners;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition cleaned = lock.newCondition();
  // Guarded by the lock:
  private final ExtentTree extents;
  private final EnumMap<MemoryKind, Long> allocatedByKind = new EnumMap<>(MemoryKind.class);
  private long allocated;
  private long dirty;
  private long cleaning;
  private boolean closed;

  /** Pages that are not free any more; dirty if they were used before and have their old bytes. */
  record Taken(FileRange range, boolean isDirty) {}

  PageLedger(MemoryFileOptions options, MappedFile file) {
    this.options = options;
    this.file = file;
    extents = new ExtentTree(options.reservationBytes());
    owners = options.tracksOwners() ? new OwnerLog() : null;
    for (MemoryKind kind : MemoryKind.values()) {
      allocatedByKind.put(kind, 0L);
    }
  }

  /**
   * Takes free pages, with one reference on each.
   *
   * @throws LinuxException with ENOMEM past the limit; nothing has changed then
   */
  Taken take(long byteCount, MemoryKind kind, AllocationDirection direction) {
    lock.lock();
    try {
      Extent extent = takeFreeLocked(byteCount, direction);
      boolean wasDirty = extent.state == ExtentState.DIRTY;
      FileRange range = new FileRange(extent.start, extent.end);
      useLocked(extent, kind, range);
      return new Taken(range, wasDirty);
    } finally {
      lock.unlock();
    }
  }

  /** Returns a free extent of exactly the length, giving dirty ones back to the host if need be. */
  private Extent takeFreeLocked(long byteCount, AllocationDirection direction) {
    while (true) {
      requireOpenLocked();
      if (byteCount > options.limitBytes() - allocated) {
        throw LinuxException.of(Errno.ENOMEM);
      }
      @Nullable Extent extent = carveLocked(ExtentState.DIRTY, byteCount, direction);
      if (extent != null) {
        return extent;
      }
      if (byteCount <= options.limitBytes() - allocated - dirty - cleaning) {
        extent = carveLocked(ExtentState.CLEAN, byteCount, direction);
        if (extent != null) {
          return extent;
        }
      }
      if (dirty > 0) {
        giveBackLocked(Addr.PAGE_SIZE);
      } else if (cleaning > 0) {
        cleaned.awaitUninterruptibly();
      } else {
        throw LinuxException.of(Errno.ENOMEM);
      }
    }
  }

  private @Nullable Extent carveLocked(
      ExtentState state, long byteCount, AllocationDirection direction) {
    long alignment = byteCount >= Addr.HUGE_PAGE_SIZE ? Addr.HUGE_PAGE_SIZE : Addr.PAGE_SIZE;
    @Nullable Extent extent =
        extents.findFree(state, byteCount + alignment - Addr.PAGE_SIZE, direction);
    if (extent == null) {
      alignment = Addr.PAGE_SIZE;
      extent = extents.findFree(state, byteCount, direction);
      if (extent == null) {
        return null;
      }
    }
    long start =
        direction == AllocationDirection.BOTTOM_UP
            ? (extent.start + alignment - 1) & -alignment
            : (extent.end - byteCount) & -alignment;
    if (start > extent.start) {
      extent = extents.split(extent, start);
    }
    if (start + byteCount < extent.end) {
      extents.split(extent, start + byteCount);
    }
    return extent;
  }

  private void useLocked(Extent extent, MemoryKind kind, FileRange range) {
    if (extent.state == ExtentState.DIRTY) {
      dirty -= extent.byteCount();
    }
    addAllocatedLocked(kind, extent.byteCount());
    extent.use(kind);
    extents.stateChanged(extent);
    extents.coalesce(extent);
    if (owners != null) {
      owners.record("allocated", range);
    }
  }

  /** See {@link HostMemoryFile#incRef}. */
  void addReference(FileRange range) {
    lock.lock();
    try {
      if (owners != null) {
        owners.record("referenced", range);
      }
      changeReferencesLocked(range, 1);
    } finally {
      lock.unlock();
    }
  }

  /** See {@link HostMemoryFile#decRef}. */
  void dropReference(FileRange range) {
    lock.lock();
    try {
      if (owners != null) {
        owners.record("released", range);
      }
      changeReferencesLocked(range, -1);
      giveBackSurplusLocked();
    } finally {
      lock.unlock();
    }
  }

  private void changeReferencesLocked(FileRange range, int change) {
    requireOpenLocked();
    @Nullable Extent extent = extents.find(range.start());
    if (extent.start < range.start()) {
      extent = extents.split(extent, range.start());
    }
    while (extent != null && extent.start < range.end()) {
      if (extent.end > range.end()) {
        extents.split(extent, range.end());
      }
      if (extent.state != ExtentState.USED) {
        throw new IllegalStateException("no reference is held on " + extent + " of " + range);
      }
      extent.references = Math.addExact(extent.references, change);
      if (extent.references == 0) {
        freeLocked(extent);
      }
      // What comes after it has its old state still, and must not be joined yet.
      extent = extents.coalesceWithPrevious(extent).next;
    }
    if (extent != null) {
      extents.coalesceWithPrevious(extent);
    }
  }

  private void freeLocked(Extent extent) {
    MemoryKind kind = extent.kind;
    if (kind != null) {
      addAllocatedLocked(kind, -extent.byteCount());
    }
    dirty += extent.byteCount();
    extent.release(ExtentState.DIRTY);
    extents.stateChanged(extent);
    if (owners != null) {
      owners.forget(extent.start, extent.end);
    }
  }

  private void addAllocatedLocked(MemoryKind kind, long byteCount) {
    allocated += byteCount;
    allocatedByKind.merge(kind, byteCount, Long::sum);
  }

  /** Keeps no more freed memory than the options say: long runs go first. */
  private void giveBackSurplusLocked() {
    long retained = options.retainedBytes();
    while (dirty > retained && giveBackLocked(SHORTEST_HOLE)) {}
    while (dirty > 2 * retained && giveBackLocked(Addr.PAGE_SIZE)) {}
  }

  /**
   * Gives one dirty extent of at least a length back to the host, without holding the lock
   * meanwhile.
   *
   * @return whether there was one
   */
  private boolean giveBackLocked(long shortest) {
    @Nullable Extent extent =
        extents.findFree(ExtentState.DIRTY, shortest, AllocationDirection.BOTTOM_UP);
    if (extent == null) {
      return false;
    }
    long byteCount = extent.byteCount();
    extent.state = ExtentState.CLEANING;
    extents.stateChanged(extent);
    dirty -= byteCount;
    cleaning += byteCount;
    boolean clean = false;
    lock.unlock();
    try {
      file.punchHole(extent.start, byteCount);
      clean = true;
    } finally {
      lock.lock();
      cleaning -= byteCount;
      if (!clean) {
        dirty += byteCount;
      }
      extent.state = clean ? ExtentState.CLEAN : ExtentState.DIRTY;
      extents.stateChanged(extent);
      extents.coalesce(extent);
      cleaned.signalAll();
    }
    return true;
  }

  /** See {@link HostMemoryFile#isSoleOwner}. */
  boolean isSoleOwner(FileRange range) {
    lock.lock();
    try {
      @Nullable Extent extent = extents.find(range.start());
      for (; extent != null && extent.start < range.end(); extent = extent.next) {
        if (extent.references != 1) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** See {@link HostMemoryFile#referenceRuns}. */
  long[] referenceRuns(FileRange range) {
    long[] runs = new long[24];
    int length = 0;
    lock.lock();
    try {
      @Nullable Extent extent = extents.find(range.start());
      for (; extent != null && extent.start < range.end(); extent = extent.next) {
        if (length == runs.length) {
          runs = Arrays.copyOf(runs, 2 * length);
        }
        runs[length++] = Math.max(extent.start, range.start());
        runs[length++] = Math.min(extent.end, range.end());
        runs[length++] = extent.references;
      }
    } finally {
      lock.unlock();
    }
    return Arrays.copyOf(runs, length);
  }

  /** See {@link HostMemoryFile#trim}. */
  void trim() {
    lock.lock();
    try {
      requireOpenLocked();
      while (giveBackLocked(Addr.PAGE_SIZE)) {}
    } finally {
      lock.unlock();
    }
  }

  /** See {@link HostMemoryFile#usage}. */
  MemoryUsage usage() {
    lock.lock();
    try {
      requireOpenLocked();
      return new MemoryUsage(
          allocated,
          allocatedByKind,
          dirty + cleaning,
          file.committedBytes(),
          options.limitBytes());
    } finally {
      lock.unlock();
    }
  }

  /** See {@link HostMemoryFile#references}. */
  List<String> references() {
    List<String> lines = new ArrayList<>();
    lock.lock();
    try {
      for (@Nullable Extent extent = extents.first(); extent != null; extent = extent.next) {
        if (extent.state == ExtentState.USED) {
          lines.add(owners == null ? extent.toString() : extent + ": " + owners.entries(extent));
        }
      }
    } finally {
      lock.unlock();
    }
    return lines;
  }

  /**
   * Ends the book; no page can be taken any more.
   *
   * @return the references that are left, if owners are tracked; null if it was closed already
   */
  @Nullable List<String> close() {
    List<String> left = owners == null ? List.of() : references();
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      while (cleaning > 0) {
        cleaned.awaitUninterruptibly();
      }
      closed = true;
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** Checks the rules of the data structure, for tests. */
  void check() {
    lock.lock();
    try {
      extents.check();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpenLocked() {
    if (closed) {
      throw new IllegalStateException("the memory file is closed");
    }
  }
}
