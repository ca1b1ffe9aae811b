package org.usermem.mm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.MappingSpace;
import org.usermem.mm.epoch.Quarantine;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.pma.PmaSet;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;
import org.usermem.mm.vma.VmaSet;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.Platform;
import org.usermem.platform.memory.HostMemoryFile;

/**
 * The state of an address space. The verbs of this package work on it: {@link Mmap}, {@link
 * Munmap}, {@link Mprotect}, {@link Backing} and so on.
 *
 * <p>What each lock guards is said at the fields; {@link SpaceLocks} has their order. The VMAs and
 * PMAs are the truth. The table and the guest's mappings are caches of it: every change of the
 * truth that takes something away clears them under the lock of the pages, then looks at the copies
 * that are under way.
 */
final class Space implements MappingSpace {

  /** Counted once: on a task's thread the JVM counts the one processor that this is bound to. */
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** Nodes of 4 KiB that the table may have: 16 MiB, enough for 8 GiB in one piece. */
  private static final int TABLE_NODES = 4096;

  final HostMemoryFile file;
  final Platform platform;
  final AddressSpaceLayout layout;
  final SpaceLocks locks = new SpaceLocks();
  final PageTable table = new PageTable(TABLE_NODES);
  final Quarantine quarantine;
  final AtomicInteger users = new AtomicInteger(1);

  final AioContexts aio = new AioContexts(this);
  final ForkLearner forks = new ForkLearner(this);

  /** Registrations for membarrier(2), as bits. */
  final AtomicInteger membarrier = new AtomicInteger();

  /** Numbers of shared anonymous objects; one sequence for a space and its forks. */
  final AtomicLong inodes;

  /** Guarded by the lock of the mappings. */
  final VmaSet vmas = new VmaSet();

  /** Guarded by the lock of the mappings. */
  long brkStart;

  /** Guarded by the lock of the mappings. */
  long brkEnd;

  /** What mlockall(MCL_FUTURE) has asked for. Guarded by the lock of the mappings. */
  LockMode defaultLockMode = LockMode.NONE;

  /** Guarded by the lock of the pages. */
  final PmaSet pmas = new PmaSet();

  /** The guest's mappings. Guarded by the lock of the pages. */
  @Nullable AddressSpace addressSpace;

  /** Whether the last user has gone. Guarded by the lock of the pages. */
  boolean dead;

  /** Invalidations that a fork which is under way must repeat. Guarded by the lock of the pages. */
  @Nullable List<Invalidation> captured;

  volatile ProgramImage image = ProgramImage.UNKNOWN;

  volatile Supplier<MemoryLimits> limits = () -> MemoryLimits.NONE;

  record Invalidation(AddrRange range, boolean invalidatePrivate) {}

  Space(HostMemoryFile file, Platform platform, AddressSpaceLayout layout, AtomicLong inodes) {
    this.inodes = inodes;
    this.file = file;
    this.platform = platform;
    this.layout = layout;
    this.quarantine = new Quarantine(2 * PROCESSORS, file::decRef);
  }

  /** Releases the write lock of the mappings, then what may be dropped only without it. */
  void unlockMappings(Retired retired) {
    List<MappingIdentity> dropped = vmas.takeDropped();
    locks.unlockMappingsForWriting();
    finish(dropped, retired);
  }

  /** Turns the write lock of the mappings into a read lock, then drops what may be dropped now. */
  List<MappingIdentity> downgradeMappings() {
    List<MappingIdentity> dropped = vmas.takeDropped();
    locks.downgradeMappings();
    return dropped;
  }

  void finish(List<MappingIdentity> dropped, Retired retired) {
    quarantine.retire(retired);
    for (int i = 0; i < dropped.size(); i++) {
      dropped.get(i).decRef();
    }
  }

  @Override
  public void invalidate(AddrRange range, boolean invalidatePrivate) {
    Retired retired = new Retired();
    locks.lockPagesForWriting();
    try {
      if (captured != null) {
        captured.add(new Invalidation(range, invalidatePrivate));
        return;
      }
      removePages(range.start(), range.end(), invalidatePrivate, retired);
    } finally {
      locks.unlockPagesForWriting();
    }
    if (!retired.isEmpty()) {
      // The caller goes on to change the pages: no copy may come late.
      quarantine.epochs().await();
      quarantine.retire(retired);
    }
  }

  /** Begins to record invalidations instead of acting on them. */
  void captureInvalidations() {
    captured = new ArrayList<>();
  }

  /**
   * Takes pages away from a range: from the truth, the table and the guest. Under the write lock of
   * the pages; the caller retires the references once it has released that.
   */
  void removePages(long start, long end, boolean privateToo, Retired retired) {
    Pma pma = pmas.tree().lowerBound(start);
    boolean any = false;
    boolean mapped = false;
    while (pma != null && pma.start() < end) {
      if (pma.isPrivate() && !privateToo) {
        pma = pma.next();
        continue;
      }
      Pma gone = pmas.isolate(pma, start, end);
      pma = gone.next();
      any = true;
      mapped |= gone.isInAddressSpace();
      pmas.remove(gone);
      retired.add(gone.fileOffset(), gone.fileOffset() + gone.byteCount());
    }
    if (any) {
      table.clear(Addr.pageNumber(start), Addr.pageNumber(end));
    }
    if (mapped) {
      unmapGuest(start, end);
    }
  }

  /**
   * Moves pages to other addresses, where nothing backs anything. Under the write lock of the
   * pages; the caller waits for the copies that are under way.
   */
  void movePages(long start, long end, long to) {
    boolean any = false;
    boolean mapped = false;
    List<Pma> moved = new ArrayList<>();
    Pma pma = pmas.tree().lowerBound(start);
    while (pma != null && pma.start() < end) {
      Pma gone = pmas.isolate(pma, start, end);
      pma = gone.next();
      any = true;
      mapped |= gone.isInAddressSpace();
      pmas.remove(gone);
      moved.add(gone.copyAt(gone.start() - start + to));
    }
    for (Pma at : moved) {
      pmas.insertMerged(at);
    }
    if (any) {
      table.clear(Addr.pageNumber(start), Addr.pageNumber(end));
    }
    if (mapped) {
      unmapGuest(start, end);
    }
  }

  /** Takes the guest's mappings of a range away. Under the lock of the pages. */
  void unmapGuest(long start, long end) {
    if (addressSpace != null) {
      addressSpace.unmap(start, end - start);
    }
  }

  /**
   * Removes areas and what backs them. Under the write lock of the mappings; what was mapped is
   * told only after its pages are gone, so that it may free them.
   */
  void unmapRange(long start, long end, Retired retired) {
    Vma vma = vmas.tree().lowerBound(start);
    if (vma == null || vma.start() >= end) {
      return;
    }
    locks.lockPagesForWriting();
    try {
      removePages(start, end, true, retired);
    } finally {
      locks.unlockPagesForWriting();
    }
    while (vma != null && vma.start() < end) {
      Vma gone = vmas.isolate(vma, start, end);
      vma = gone.next();
      removeArea(gone);
    }
  }

  private void removeArea(Vma vma) {
    VmaAttributes attributes = vma.attributes();
    AddrRange range = vma.range();
    long offset = vma.offset();
    vmas.remove(vma);
    if (attributes.mappable() != null) {
      attributes.mappable().removeMapping(this, range, offset, attributes.canWriteMappable());
    }
  }

  /** Returns what the table says of pages that an area and a page area have in common. */
  static long entryFlags(Vma vma, Pma pma) {
    VmaAttributes attributes = vma.attributes();
    boolean read = pma.translated().canRead();
    boolean write = pma.translated().canWrite() && !pma.isCopyOnWrite();
    boolean mayWrite = attributes.effectiveAccess().canWrite();
    long flags = 0;
    if (read && attributes.effectiveAccess().canRead()) {
      flags |= PageEntry.READ | PageEntry.FORCED_READ;
    }
    if (read && attributes.maxAccess().effective().canRead()) {
      flags |= PageEntry.FORCED_READ;
    }
    if (write && mayWrite) {
      flags |= PageEntry.WRITE | PageEntry.FORCED_WRITE;
    }
    if (write && attributes.isPrivate() && attributes.maxAccess().canWrite()) {
      flags |= PageEntry.FORCED_WRITE;
    }
    return flags;
  }
}
