package org.usermem.platform.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockSeq;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;

/**
 * The memory file of the host: one memfd, mapped once into the JVM as one large sparse reservation,
 * so that a page is the base plus an offset, and mapped by the processes that run guest code.
 *
 * <p>Which page is whose is kept by {@code PageLedger}. Freed pages are zeroed when they are used
 * again.
 *
 * <p>Thread safety: every method may be called from any thread; no lock is held while memory is
 * zeroed or given back, and no method calls back.
 *
 * <p>Source: {@code pkg/sentry/pgalloc/pgalloc.go} of gVisor.
 */
public final class HostMemoryFile implements MemoryFile, AutoCloseable {

  private final MemoryFileOptions options;
  private final MappedFile file;
  private final MemorySegment base;
  private final MemorySegment readOnlyBase;
  private final PageLedger ledger;
  private final Set<CopyBarrier> barriers = ConcurrentHashMap.newKeySet();

  private HostMemoryFile(MemoryFileOptions options) {
    this.options = options;
    file = new MappedFile(options.reservationBytes());
    base = file.base();
    readOnlyBase = base.asReadOnly();
    ledger = new PageLedger(options, file);
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
    PageLedger.Taken taken = ledger.take(byteCount, kind, direction);
    if (taken.isDirty()) {
      segment(taken.range()).fill((byte) 0);
    }
    return taken.range();
  }

  /**
   * Adds a reference to each page of a range, which has one already.
   *
   * @throws IllegalStateException if a page has no reference; some pages may have got one then
   */
  @Override
  public void incRef(FileRange range) {
    requirePages(range);
    ledger.addReference(range);
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
    ledger.dropReference(range);
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
    return BlockSeq.of((readOnly ? readOnlyBase : base).reinterpret(arena, null), offsets);
  }

  /**
   * Adds copies that {@link #awaitCopies} waits for from now on.
   *
   * @param barrier added once, however often it is
   */
  public void addBarrier(CopyBarrier barrier) {
    barriers.add(barrier);
  }

  /** Takes copies out that there will be none of any more. */
  public void removeBarrier(CopyBarrier barrier) {
    barriers.remove(barrier);
  }

  /** Returns whether there are copies that would be waited for. */
  public boolean hasBarriers() {
    return !barriers.isEmpty();
  }

  // A barrier that is added meanwhile and missed is of copies that see what the caller has stored:
  // the volatile accesses of the set are in between.
  @Override
  public void awaitCopies() {
    for (CopyBarrier barrier : barriers) {
      barrier.await();
    }
  }

  @Override
  public void decommit(FileRange range) {
    requirePages(range);
    if (range.byteCount() >= PageLedger.SHORTEST_HOLE) {
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
    return ledger.isSoleOwner(range);
  }

  /**
   * Returns how many references pages have.
   *
   * @param range pages that the caller holds a reference on
   * @return for each run of pages that have the same number: start, end, and the number
   */
  public long[] referenceRuns(FileRange range) {
    requirePages(range);
    return ledger.referenceRuns(range);
  }

  /** Gives everything that is free back to the host. */
  public void trim() {
    ledger.trim();
  }

  /** Returns how much is in use now. */
  public MemoryUsage usage() {
    return ledger.usage();
  }

  /**
   * Returns one line for each run of pages that is still referenced, in the order of their offsets;
   * with the option to track owners, who took and dropped the references.
   */
  public List<String> references() {
    return ledger.references();
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
    List<String> left = ledger.close();
    if (left == null) {
      return;
    }
    file.close();
    if (!left.isEmpty()) {
      throw new IllegalStateException(
          "references to the memory file are left:\n  " + String.join("\n  ", left));
    }
  }

  /** Checks the rules of the data structure, for tests. */
  void check() {
    ledger.check();
  }

  private static void requirePages(FileRange range) {
    if (range.isEmpty() || !range.isPageAligned()) {
      throw new IllegalArgumentException(range + " of the memory file is not whole pages");
    }
  }
}
