package org.usermem.platform.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;

/**
 * The memory file of the host: one memfd, mapped once into the JVM as one large sparse reservation,
 * so that a page is the base plus an offset, and mapped by the processes that run guest code.
 *
 * <p>Reference counts are kept for extents, not for pages, so taking a reference on a gigabyte
 * costs as much as on a page. Freed pages are kept for a while and zeroed when they are used again,
 * which is ten times as fast as a fresh page; what is too much goes back to the host in long runs.
 *
 * <p>Thread safety: every method may be called from any thread. The lock is held for look-ups only,
 * never while memory is zeroed or given back; it is a leaf, and no method calls back.
 *
 * <p>Source: {@code pkg/sentry/pgalloc/pgalloc.go} of gVisor.
 */
public final class HostMemoryFile implements MemoryFile, AutoCloseable {

  /**
   * Shorter runs are zeroed and reused rather than given back: a hole costs as much as 64 pages.
   */
  private static final long SHORTEST_HOLE = 64 * Addr.PAGE_SIZE;

  private final MemoryFileOptions options;
  private final MappedFile file;
  private final MemorySegment base;
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

  private HostMemoryFile(MemoryFileOptions options) {
    this.options = options;
    file = new MappedFile(options.reservationBytes());
    base = file.base();
    extents = new ExtentTree(options.reservationBytes());
    owners = options.tracksOwners() ? new OwnerLog() : null;
    for (MemoryKind kind : MemoryKind.values()) {
      allocatedByKind.put(kind, 0L);
    }
  }

  /**
   * Makes a memory file.
   *
   * @throws org.usermem.platform.host.HostException if the host refuses the reservation
   */
  public static HostMemoryFile create(MemoryFileOptions options) {
    return new HostMemoryFile(options);
  }

  /** Returns what the file was made with. */
  public MemoryFileOptions options() {
    return options;
  }

  /**
   * Returns the whole reservation: the byte at an offset of the file is at that offset of the
   * segment.
   *
   * <p>Access to bytes that the caller holds no reference on is the caller's error, and not
   * noticed.
   */
  @Override
  public MemorySegment base() {
    return base;
  }

  /** Returns the host's descriptor of the file, for platforms to map it into other processes. */
  public int fileDescriptor() {
    return file.fileDescriptor();
  }

  @Override
  public FileRange allocate(long byteCount, MemoryKind kind) {
    boolean fileLike = kind == MemoryKind.PAGE_CACHE || kind == MemoryKind.SHMEM;
    return allocate(
        byteCount, kind, fileLike ? AllocationDirection.TOP_DOWN : AllocationDirection.BOTTOM_UP);
  }

  /**
   * Allocates pages as {@link #allocate(long, MemoryKind)} does, from a chosen end of the free
   * space.
   *
   * <p>Where ranges are asked for in the order of falling addresses, TOP_DOWN makes ranges that
   * follow each other in the file follow each other in the address space too, so that they merge.
   *
   * @param byteCount a multiple of the page size, greater than 0; a range of a huge page or more
   *     starts at a multiple of the huge page size where that is possible
   * @param kind what the pages are for
   * @param direction from which end
   * @return pages with one reference on each, all zeros
   * @throws LinuxException with ENOMEM past the limit; nothing has changed then
   */
  public FileRange allocate(long byteCount, MemoryKind kind, AllocationDirection direction) {
    if (byteCount <= 0 || !Addr.isPageAligned(byteCount)) {
      throw new IllegalArgumentException("can't allocate " + byteCount + " bytes: not whole pages");
    }
    boolean wasDirty;
    FileRange range;
    lock.lock();
    try {
      Extent extent = takeFreeLocked(byteCount, direction);
      wasDirty = extent.state == ExtentState.DIRTY;
      range = new FileRange(extent.start, extent.end);
      useLocked(extent, kind, range);
    } finally {
      lock.unlock();
    }
    if (wasDirty) {
      base.asSlice(range.start(), byteCount).fill((byte) 0);
    }
    return range;
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

  /**
   * Adds a reference to each page of a range, which has one already.
   *
   * @throws IllegalStateException if a page has no reference; some pages may have got one then
   */
  @Override
  public void incRef(FileRange range) {
    requirePages(range);
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

  /**
   * Takes a reference off each page of a range; pages without one are free.
   *
   * <p>No guest process maps the pages any more by what the reference stood for, and no copy uses
   * them: a page that is free can be another program's at once.
   *
   * @throws IllegalStateException if a page has no reference; some pages may have lost one then
   */
  @Override
  public void decRef(FileRange range) {
    requirePages(range);
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

  @Override
  public MemorySegment segment(FileRange range) {
    return base.asSlice(range.start(), range.byteCount());
  }

  @Override
  @SuppressWarnings("restricted") // the lifetime becomes shorter, not longer
  public BlockSeq loan(Arena arena, FileRange range) {
    return BlockSeq.of(segment(range).reinterpret(arena, null));
  }

  /**
   * Returns several runs of bytes as blocks to be lent, as {@link #loan(Arena, FileRange)} does.
   *
   * @param offsets the runs, by their offsets in the file; the caller has a reference on each page
   *     until the arena is closed
   * @param readOnly whether the blocks can only be read
   */
  @SuppressWarnings("restricted") // the lifetime becomes shorter, not longer
  public BlockSeq loan(Arena arena, AddrRangeSeq offsets, boolean readOnly) {
    MemorySegment view = base.reinterpret(arena, null);
    return BlockSeq.of(readOnly ? view.asReadOnly() : view, offsets);
  }

  @Override
  public void decommit(FileRange range) {
    requirePages(range);
    if (range.byteCount() >= SHORTEST_HOLE) {
      file.punchHole(range.start(), range.byteCount());
    } else {
      segment(range).fill((byte) 0);
    }
  }

  /**
   * Commits pages and enters them into the JVM's page tables, in large blocks: a tenth of what it
   * costs to touch them one by one.
   *
   * @param range pages that the caller holds a reference on; their content does not change
   * @throws LinuxException with ENOMEM if the host has no memory; some may be committed then
   */
  public void populate(FileRange range) {
    requirePages(range);
    file.populate(range.start(), range.byteCount());
  }

  /**
   * Returns whether each page of a range has one reference only, which is the caller's.
   *
   * <p>The answer stays true for as long as the caller keeps the reference and lends it to nobody.
   *
   * @param range pages that the caller holds a reference on
   */
  public boolean isSoleOwner(FileRange range) {
    requirePages(range);
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

  /**
   * Returns how many references pages have.
   *
   * @param range pages that the caller holds a reference on
   * @return for each run of pages that have the same number: start, end, and the number
   */
  public long[] referenceRuns(FileRange range) {
    requirePages(range);
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

  /** Gives everything that is free back to the host. */
  public void trim() {
    lock.lock();
    try {
      requireOpenLocked();
      while (giveBackLocked(Addr.PAGE_SIZE)) {}
    } finally {
      lock.unlock();
    }
  }

  /** Returns how much is in use now. */
  public MemoryUsage usage() {
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

  /**
   * Returns one line for each run of pages that is still referenced, in the order of their offsets;
   * with the option to track owners, who took and dropped the references.
   */
  public List<String> references() {
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
   * Gives everything back to the host.
   *
   * <p>Platforms over the file are closed before. Segments that somebody still has read as zeros
   * from now on. Closing twice has no effect.
   *
   * @throws IllegalStateException if owners are tracked and a reference is left; the message names
   *     the owners, and the file is closed all the same
   */
  @Override
  public void close() {
    List<String> leaks = owners == null ? List.of() : references();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      while (cleaning > 0) {
        cleaned.awaitUninterruptibly();
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    file.close();
    if (!leaks.isEmpty()) {
      throw new IllegalStateException(
          "references to the memory file are left:\n  " + String.join("\n  ", leaks));
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

  private static void requirePages(FileRange range) {
    if (range.isEmpty() || !range.isPageAligned()) {
      throw new IllegalArgumentException(range + " of the memory file is not whole pages");
    }
  }
}
