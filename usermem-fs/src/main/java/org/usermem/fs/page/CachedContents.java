package org.usermem.fs.page;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingSet;
import org.usermem.memmap.MappingSpace;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Translation;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * The bytes of a file whose storage is elsewhere, and the mappings of them: a page cache.
 *
 * <p>What is mapped has pages in the memory file. Reads and writes go through the pages where there
 * are any and straight to the storage where there are none; a write to a page goes to the storage
 * as well, so that only what a program stores through a mapping is ever dirty. Dirty pages are
 * written back when they are synced, and after the last use of the file.
 *
 * <p>The order of locks: one of the owner's, held during each change of size or contents; locks of
 * a program's memory; the lock of the mappings; that of pages and channel.
 *
 * <p>Thread safety: all methods may be called by any thread, but those that change the bytes by one
 * at a time.
 */
public final class CachedContents implements Mappable {

  private static final long BYTE_SIZE_LIMIT = Long.MAX_VALUE & -Addr.PAGE_SIZE;
  private static final long EVERY_PAGE = BYTE_SIZE_LIMIT >>> Addr.PAGE_SHIFT;

  /** How much of a file is read at once when a program touches a page of it. */
  private static final long FILL_BYTE_COUNT = 256 << 10;

  private static final int ZERO_BYTE_COUNT = 64 << 10;

  private final BackingFile file;
  private final RetainedPages retained;

  private final ReentrantLock mapsLock = new ReentrantLock();
  private final MappingSet mappings = new MappingSet(); // guarded by mapsLock

  /** Guards pages, channel and size. */
  private final StampedLock dataLock = new StampedLock();

  private final FilePages pages;
  private @Nullable BackingChannel channel;

  // The size as far as we know; true if nobody else changes the file.
  private volatile long byteSize;

  // A read that is not in use: a file that one task reads makes only one.
  private final AtomicReference<@Nullable Read> idleRead = new AtomicReference<>();

  // The write in progress; the file lets one through at a time.
  private final Write write = new Write();

  /**
   * Creates the contents of a file.
   *
   * @param memoryFile where pages are allocated
   * @param file the file that this caches
   * @param retained who decides which pages are kept that nobody maps any more
   * @param byteSize the size of the file
   */
  public CachedContents(
      MemoryFile memoryFile, BackingFile file, RetainedPages retained, long byteSize) {
    this.file = file;
    this.retained = retained;
    this.pages = new FilePages(memoryFile, MemoryKind.PAGE_CACHE);
    this.byteSize = byteSize;
  }

  /** Makes sure that there is a channel, one that can be written to if that is asked for. */
  public void open(boolean writable) {
    retained.use(this);
    long stamp = dataLock.writeLock();
    try {
      openLocked(writable);
    } finally {
      dataLock.unlockWrite(stamp);
    }
  }

  private BackingChannel openLocked(boolean writable) {
    BackingChannel present = channel;
    if (present != null && present.isOpen() && (present.isWritable() || !writable)) {
      return present;
    }
    BackingChannel opened = file.open(writable);
    channel = opened;
    if (present != null) {
      present.close();
    }
    if (!file.isExclusive()) {
      byteSize = opened.byteSize();
    }
    return opened;
  }

  /** Keeps the contents of a file that is in use reachable although its name is about to go. */
  public void keepOpen() {
    if (file.isUsed()) {
      open(false);
    }
  }

  /** Returns a channel, with the lock held shared by the stamp or by the one that is returned. */
  private long lockWithChannel() {
    long stamp = dataLock.readLock();
    while (channel == null || !channel.isOpen()) {
      dataLock.unlockRead(stamp);
      open(false);
      stamp = dataLock.readLock();
    }
    return stamp;
  }

  private BackingChannel presentChannel() {
    BackingChannel present = channel;
    if (present == null) {
      throw LinuxException.of(Errno.EBADF);
    }
    return present;
  }

  /** Returns the size in bytes. */
  public long byteSize() {
    if (file.isExclusive()) {
      return byteSize;
    }
    long stamp = dataLock.readLock();
    try {
      BackingChannel present = channel;
      return present != null && present.isOpen() ? present.byteSize() : file.byteSize();
    } finally {
      dataLock.unlockRead(stamp);
    }
  }

  /** A read in progress. */
  private final class Read implements BlockReader {
    private long offset;

    @Override
    public long readToBlocks(BlockSeq dst) {
      long stamp = lockWithChannel();
      try {
        return pages.pageCount() == 0
            ? presentChannel().read(offset, dst)
            : readThroughPagesLocked(offset, dst);
      } finally {
        dataLock.unlockRead(stamp);
      }
    }
  }

  /**
   * Reads; arguments and result are those of {@code RegularFile.readAt}.
   *
   * @throws LinuxException what the storage says
   */
  public long read(Sink dst, long offset) {
    Read read = idleRead.getAndSet(null);
    if (read == null) {
      read = new Read();
    }
    read.offset = offset;
    long byteCount;
    try {
      byteCount = dst.copyOutFrom(read);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EFAULT || offset < byteSize()) {
        throw e;
      }
      // At the end nothing is copied, so Linux never looks at the buffer.
      byteCount = 0;
    }
    idleRead.setRelease(read);
    return byteCount;
  }

  private long readThroughPagesLocked(long offset, BlockSeq dst) {
    long end = Math.min(offset + dst.numBytes(), sizeLocked());
    long at = offset;
    BlockSeq rest = dst;
    while (at < end) {
      long page = FilePages.pageOf(at);
      boolean present = pages.isPresent(page);
      long nextPage =
          present
              ? pages.nextAbsent(page, FilePages.pagesFor(end))
              : pages.nextPresent(page, FilePages.pagesFor(end));
      long stretchEnd = nextPage < 0 ? end : Math.min(end, nextPage << Addr.PAGE_SHIFT);
      BlockSeq stretch = rest.takeFirst(stretchEnd - at);
      long count = stretch.numBytes();
      if (present) {
        pages.read(at, stretch);
      } else {
        count = presentChannel().read(at, stretch);
      }
      at += count;
      if (at < stretchEnd) {
        break;
      }
      rest = rest.dropFirst(count);
    }
    return Math.max(0, at - offset);
  }

  private long sizeLocked() {
    return file.isExclusive() ? byteSize : presentChannel().byteSize();
  }

  /** The write in progress. */
  private final class Write implements BlockWriter {
    private long offset;

    @Override
    public long writeFromBlocks(BlockSeq src) {
      long stamp = dataLock.writeLock();
      try {
        long count = openLocked(true).write(offset, src);
        updatePagesLocked(offset, src.takeFirst(count));
        byteSize = Math.max(byteSize, offset + count);
        file.changed();
        return count;
      } finally {
        dataLock.unlockWrite(stamp);
      }
    }
  }

  /**
   * Writes, one call at a time; arguments and result are those of {@code RegularFile.writeAt}.
   *
   * @throws LinuxException what the storage says
   */
  public long write(Source src, long offset) {
    write.offset = offset;
    return src.copyInTo(write);
  }

  private void updatePagesLocked(long offset, BlockSeq src) {
    if (pages.pageCount() == 0) {
      return;
    }
    if (offset > byteSize) {
      pages.zero(byteSize, offset - byteSize);
    }
    long end = offset + src.numBytes();
    long page = pages.nextPresent(FilePages.pageOf(offset), FilePages.pagesFor(end));
    while (page >= 0) {
      long stretchEndPage = pages.nextAbsent(page, FilePages.pagesFor(end));
      long from = Math.max(offset, page << Addr.PAGE_SHIFT);
      long to = Math.min(end, stretchEndPage << Addr.PAGE_SHIFT);
      pages.write(from, src.dropFirst(from - offset).takeFirst(to - from));
      page = pages.nextPresent(stretchEndPage, FilePages.pagesFor(end));
    }
  }

  /** Changes the size; one call at a time. */
  public void resize(long newByteSize) {
    if (newByteSize > BYTE_SIZE_LIMIT) {
      throw LinuxException.of(Errno.EFBIG);
    }
    long firstGone = Addr.pageRoundUp(newByteSize);
    List<FileRange> detached;
    long stamp = dataLock.writeLock();
    try {
      openLocked(true).resize(newByteSize);
      // What lies after the end in the last page may have been stored through a mapping.
      long end = Math.min(newByteSize, byteSize);
      pages.zero(end, Addr.pageRoundUp(end) - end);
      byteSize = newByteSize;
      file.changed();
      detached = pages.detach(FilePages.pageOf(firstGone), EVERY_PAGE);
    } finally {
      dataLock.unlockWrite(stamp);
    }
    if (firstGone < BYTE_SIZE_LIMIT) {
      mapsLock.lock();
      try {
        mappings.invalidate(new MappableRange(firstGone, BYTE_SIZE_LIMIT), true);
      } finally {
        mapsLock.unlock();
      }
    }
    pages.release(detached);
  }

  /** Grows the file to a size if it is smaller; one call at a time. */
  public void extend(long end) {
    if (end > byteSize()) {
      resize(end);
    }
  }

  /** Writes zeroes over what there is of a range; one call at a time. */
  public void zero(long start, long end) {
    MemorySegment zeroes = MemorySegment.ofArray(new byte[ZERO_BYTE_COUNT]);
    long last = Math.min(end, byteSize());
    long at = start;
    while (at < last) {
      long count = Math.min(ZERO_BYTE_COUNT, last - at);
      at += write(Source.of(zeroes.asSlice(0, count)), at);
    }
  }

  /**
   * Writes dirty pages of a range to the host. What may be stored to meanwhile stays dirty.
   *
   * @throws LinuxException what the host says; what was not written stays dirty
   */
  public void writeBack(long start, long end) {
    mapsLock.lock();
    try {
      long stamp = dataLock.writeLock();
      try {
        writeBackLocked(FilePages.pageOf(start), FilePages.pagesFor(end));
      } finally {
        dataLock.unlockWrite(stamp);
      }
    } finally {
      mapsLock.unlock();
    }
  }

  private void writeBackLocked(long startPage, long endPage) {
    long page = pages.nextPresent(startPage, endPage);
    while (page >= 0) {
      if (pages.isDirty(page)) {
        writePageLocked(page);
        MappableRange range = MappableRange.of(page << Addr.PAGE_SHIFT, Addr.PAGE_SIZE);
        if (!mappings.isMappedWritable(range)) {
          pages.setDirty(page, false);
        }
      }
      page = pages.nextPresent(page + 1, endPage);
    }
  }

  private void writePageLocked(long page) {
    long offset = page << Addr.PAGE_SHIFT;
    long count = Math.min(Addr.PAGE_SIZE, byteSize - offset);
    if (count <= 0) {
      return;
    }
    BlockSeq rest = BlockSeq.of(pages.segmentOf(page, 1).asSlice(0, count));
    BackingChannel open = openLocked(true);
    while (!rest.isEmpty()) {
      long written = open.write(offset, rest);
      offset += written;
      rest = rest.dropFirst(written);
    }
    file.changed();
  }

  /**
   * Writes all dirty pages to the storage, and has it made durable.
   *
   * @param dataOnly whether attributes that are not needed to read the data may stay
   */
  public void sync(boolean dataOnly) {
    if (file.isReadOnly()) {
      return;
    }
    writeBack(0, BYTE_SIZE_LIMIT);
    long stamp = dataLock.readLock();
    try {
      BackingChannel present = channel;
      if (present != null && present.isOpen() && present.isWritable()) {
        present.force(dataOnly);
      }
    } finally {
      dataLock.unlockRead(stamp);
    }
  }

  /** After the last use: writes back, and closes or keeps what the next use will want. */
  public void idle() {
    if (!file.isReadOnly()) {
      writeBack(0, BYTE_SIZE_LIMIT);
    }
    long kept;
    long stamp = dataLock.writeLock();
    try {
      if (file.isUsed()) {
        return;
      }
      closeChannelLocked();
      if (!file.isExclusive()) {
        pages.release(pages.detach(0, EVERY_PAGE));
      }
      kept = pages.pageCount() << Addr.PAGE_SHIFT;
    } finally {
      dataLock.unlockWrite(stamp);
    }
    if (kept > 0) {
      retained.keep(this, kept);
    }
  }

  private void closeChannelLocked() {
    BackingChannel present = channel;
    channel = null;
    if (present != null) {
      present.close();
    }
  }

  /** Drops pages unless somebody uses the file, or is busy with it just now. */
  void dropPagesIfUnused() {
    long stamp = dataLock.tryWriteLock();
    if (stamp == 0) {
      return;
    }
    try {
      if (!file.isUsed()) {
        pages.release(pages.detach(0, EVERY_PAGE));
      }
    } finally {
      dataLock.unlockWrite(stamp);
    }
  }

  /** Drops everything: the file has neither a name nor a use. */
  public void dispose() {
    retained.use(this);
    long stamp = dataLock.writeLock();
    try {
      closeChannelLocked();
      pages.release(pages.detach(0, EVERY_PAGE));
    } finally {
      dataLock.unlockWrite(stamp);
    }
  }

  /** Writes back and drops everything: the file system ends. */
  public void close() {
    if (!file.isReadOnly() && !file.isRemoved()) {
      writeBack(0, BYTE_SIZE_LIMIT);
    }
    dispose();
  }

  @Override
  public void addMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {
    mapsLock.lock();
    try {
      mappings.addMapping(space, range, offset, writable);
    } finally {
      mapsLock.unlock();
    }
  }

  @Override
  public void removeMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {
    mapsLock.lock();
    try {
      mappings.removeMapping(space, range, offset, writable);
    } finally {
      mapsLock.unlock();
    }
  }

  @Override
  public void copyMapping(
      MappingSpace space, AddrRange source, AddrRange destination, long offset, boolean writable) {
    addMapping(space, destination, offset, writable);
  }

  @Override
  public List<Translation> translate(
      MappableRange required, MappableRange optional, AccessType access) {
    List<Translation> result = new ArrayList<>(1);
    boolean stores = access.contains(AccessType.WRITE);
    long stamp = dataLock.writeLock();
    try {
      long fileEnd = Addr.pageRoundUp(byteSize);
      long end = Math.min(required.end(), fileEnd);
      if (required.start() >= end) {
        return result;
      }
      fillLocked(required.start(), end, Math.min(optional.end(), fileEnd), optional.start());
      if (stores) {
        // Only what is asked for, because all of it counts as dirty from here on.
        for (long page = FilePages.pageOf(required.start()); page < FilePages.pageOf(end); page++) {
          pages.setDirty(page, true);
        }
        pages.translate(new MappableRange(required.start(), end), AccessType.ANY, result);
      } else {
        long present = pages.nextAbsent(FilePages.pageOf(end), FilePages.pageOf(fileEnd));
        long presentEnd = Math.min(present << Addr.PAGE_SHIFT, optional.end());
        pages.translate(
            new MappableRange(
                pages.runStart(required.start(), optional.start()), Math.max(end, presentEnd)),
            AccessType.READ_EXECUTE,
            result);
      }
    } finally {
      dataLock.unlockWrite(stamp);
    }
    return result;
  }

  /** Brings pages of a range in, and what lies around them up to the limits. */
  private void fillLocked(long start, long end, long limit, long lowerLimit) {
    long at = start;
    while (at < end) {
      long page = pages.nextAbsent(FilePages.pageOf(at), FilePages.pageOf(end));
      at = page << Addr.PAGE_SHIFT;
      if (at >= end) {
        return;
      }
      long from = Math.max(lowerLimit, at & -FILL_BYTE_COUNT);
      // Not over pages that are there: begin after the last of them.
      long fromPage = FilePages.pageOf(from);
      for (long present = pages.nextPresent(fromPage, page);
          present >= 0;
          present = pages.nextPresent(fromPage, page)) {
        fromPage = pages.nextAbsent(present, page);
      }
      long to = Math.max(Math.min(limit, (at & -FILL_BYTE_COUNT) + FILL_BYTE_COUNT), at + 1);
      long next = pages.nextPresent(page, FilePages.pagesFor(to));
      long endPage = next < 0 ? FilePages.pagesFor(to) : next;
      fillRunLocked(fromPage, endPage - fromPage);
      at = endPage << Addr.PAGE_SHIFT;
    }
  }

  private void fillRunLocked(long page, long pageCount) {
    allocateLocked(page, pageCount);
    long offset = page << Addr.PAGE_SHIFT;
    BlockSeq rest = BlockSeq.of(pages.segmentOf(page, pageCount));
    try {
      BackingChannel open = openLocked(false);
      while (!rest.isEmpty()) {
        long count = open.read(offset, rest);
        if (count == 0) {
          return;
        }
        offset += count;
        rest = rest.dropFirst(count);
      }
    } catch (LinuxException e) {
      pages.release(pages.detach(page, page + pageCount));
      throw e;
    }
  }

  private void allocateLocked(long page, long pageCount) {
    try {
      pages.allocate(page, pageCount, false);
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENOMEM || !retained.dropAll()) {
        throw e;
      }
      pages.allocate(page, pageCount, false);
    }
  }
}
