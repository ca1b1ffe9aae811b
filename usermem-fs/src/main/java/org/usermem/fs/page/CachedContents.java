package org.usermem.fs.page;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Inode;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MappableRange;
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
public final class CachedContents extends MappedContents {

  private static final long EVERY_PAGE = FilePages.pageOf(FilePages.BYTE_SIZE_LIMIT);

  private static final int ZERO_BYTE_COUNT = 64 << 10;

  private final Inode owner;
  private final BackingFile file;
  private final RetainedPages retained;

  /** Guards pages, storage and size. */
  private final StampedLock dataLock = new StampedLock();

  private final FilePages pages;
  private final OpenStorage storage;
  private final PagedStorage paged;
  private final PageFiller filler;
  private final PageWriter writer;

  // The size as far as we know; true if nobody else changes the file.
  private volatile long byteSize;

  // A read that is not in use: a file that one task reads makes only one.
  private final AtomicReference<@Nullable CachedRead> idleRead = new AtomicReference<>();

  // The write in progress; the file lets one through at a time.
  private final Write write = new Write();

  /**
   * Creates the contents of a file.
   *
   * @param owner the file; asked whether it is used
   * @param storage what this caches
   * @param retained who decides which pages are kept that nobody maps any more
   * @param byteSize the size of the file
   */
  public CachedContents(Inode owner, BackingFile storage, RetainedPages retained, long byteSize) {
    this.owner = owner;
    this.file = storage;
    this.retained = retained;
    this.pages = new FilePages(owner.fileSystem().context().memoryFile(), MemoryKind.PAGE_CACHE);
    this.storage = new OpenStorage(storage);
    this.paged = new PagedStorage(pages, this.storage);
    this.filler = new PageFiller(pages, this.storage, retained);
    this.writer = new PageWriter(storage, pages, this.storage, mappings());
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
    boolean wasOpen = storage.isOpenFor(writable);
    BackingChannel opened = storage.open(writable);
    if (!wasOpen && !file.isExclusive()) {
      byteSize = opened.byteSize();
    }
    return opened;
  }

  /** Keeps the contents of a file that is in use reachable although its name is about to go. */
  public void keepOpen() {
    if (owner.isUsed()) {
      open(false);
    }
  }

  /** Returns a channel, with the lock held shared by the stamp or by the one that is returned. */
  private long lockWithChannel() {
    long stamp = dataLock.readLock();
    while (!storage.isOpen()) {
      dataLock.unlockRead(stamp);
      open(false);
      stamp = dataLock.readLock();
    }
    return stamp;
  }

  /** Returns the size in bytes. */
  public long byteSize() {
    if (file.isExclusive()) {
      return byteSize;
    }
    long stamp = dataLock.readLock();
    try {
      return storage.isOpen() ? storage.present().byteSize() : file.byteSize();
    } finally {
      dataLock.unlockRead(stamp);
    }
  }

  /** Reads into blocks, from pages where there are any. */
  long readToBlocks(BlockSeq dst, long offset) {
    long stamp = lockWithChannel();
    try {
      return pages.pageCount() == 0
          ? storage.present().read(offset, dst)
          : paged.read(offset, dst, sizeLocked());
    } finally {
      dataLock.unlockRead(stamp);
    }
  }

  /** Reads into a buffer; returns less than 0 if that takes more than the storage. */
  long readToBuffer(ByteBuffer dst, long offset) {
    long stamp = lockWithChannel();
    try {
      return pages.pageCount() == 0 ? storage.present().read(offset, dst) : -1;
    } finally {
      dataLock.unlockRead(stamp);
    }
  }

  /**
   * Reads; arguments and result are those of {@code RegularFile.readAt}.
   *
   * @throws LinuxException what the storage says
   */
  public long read(Sink dst, long offset) {
    CachedRead read = idleRead.getAndSet(null);
    if (read == null) {
      read = new CachedRead(this, owner.fileSystem().context().memoryFile());
    }
    read.begin(offset);
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

  private long sizeLocked() {
    return file.isExclusive() ? byteSize : storage.present().byteSize();
  }

  /** The write in progress. */
  private final class Write implements BlockWriter {
    private long offset;

    @Override
    public long writeFromBlocks(BlockSeq src) {
      long stamp = dataLock.writeLock();
      try {
        long count = openLocked(true).write(offset, src);
        paged.written(offset, src.takeFirst(count), byteSize);
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

  /** Changes the size; one call at a time. */
  public void resize(long newByteSize) {
    if (newByteSize > FilePages.BYTE_SIZE_LIMIT) {
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
    mappings().invalidate(firstGone, FilePages.BYTE_SIZE_LIMIT, true);
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
    mappings().lock();
    try {
      long stamp = dataLock.writeLock();
      try {
        writer.write(FilePages.pageOf(start), FilePages.pagesFor(end), byteSize);
      } finally {
        dataLock.unlockWrite(stamp);
      }
    } finally {
      mappings().unlock();
    }
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
    writeBack(0, FilePages.BYTE_SIZE_LIMIT);
    long stamp = dataLock.readLock();
    try {
      storage.force(dataOnly);
    } finally {
      dataLock.unlockRead(stamp);
    }
  }

  /** After the last use: writes back, and closes or keeps what the next use will want. */
  public void idle() {
    if (!file.isReadOnly()) {
      writeBack(0, FilePages.BYTE_SIZE_LIMIT);
    }
    long kept;
    long stamp = dataLock.writeLock();
    try {
      if (owner.isUsed()) {
        return;
      }
      storage.close();
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

  /** Drops pages unless somebody uses the file, or is busy with it just now. */
  void dropPagesIfUnused() {
    long stamp = dataLock.tryWriteLock();
    if (stamp == 0) {
      return;
    }
    try {
      if (!owner.isUsed()) {
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
      storage.close();
      pages.release(pages.detach(0, EVERY_PAGE));
    } finally {
      dataLock.unlockWrite(stamp);
    }
  }

  /** Writes back and drops everything: the file system ends. */
  public void close() {
    if (!file.isReadOnly() && !file.isRemoved()) {
      writeBack(0, FilePages.BYTE_SIZE_LIMIT);
    }
    dispose();
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
      filler.fill(required.start(), end, optional.start(), Math.min(optional.end(), fileEnd));
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

  @Override
  public boolean isResident(long offset) {
    long stamp = dataLock.readLock();
    try {
      return pages.isPresent(FilePages.pageOf(offset));
    } finally {
      dataLock.unlockRead(stamp);
    }
  }
}
