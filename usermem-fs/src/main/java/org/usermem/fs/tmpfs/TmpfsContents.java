package org.usermem.fs.tmpfs;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.page.FileMappings;
import org.usermem.fs.page.FilePages;
import org.usermem.fs.page.MappedContents;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.Generation;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Translation;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * The bytes of a file in memory, and the mappings of them.
 *
 * <p>Pages are taken out of the file first, then whoever maps them is told, then reads in progress
 * are waited for, then they are freed: so a mapping that comes in between gets a new page, never
 * one that is about to go.
 *
 * <p>Bytes that lie together are copied between the program and their pages without the lock of the
 * pages, which a fault on the way may need. What keeps the pages there meanwhile is for reads their
 * {@link Generation}; for writes, that nothing else changes the contents at the time. A read may
 * see a write half done, as on Linux.
 */
final class TmpfsContents extends MappedContents {

  private static final long BYTE_SIZE_LIMIT = FilePages.BYTE_SIZE_LIMIT;
  private static final int SECTORS_PER_PAGE = (int) (Addr.PAGE_SIZE / 512);

  private final TmpfsFileSystem fileSystem;

  /** Guards pages and size. */
  private final StampedLock dataLock = new StampedLock();

  /** Ends when pages have been taken out, before they are freed. */
  private final Generation generation = new Generation();

  private final FilePages pages;
  private final MemoryFile memoryFile;
  private final MemorySegment memory;
  private volatile long byteSize;

  // A read that is not in use: a file that one task reads makes only one.
  private final AtomicReference<@Nullable Read> idleRead = new AtomicReference<>();

  // The write in progress; the file lets one through at a time.
  private final Write write = new Write();

  TmpfsContents(TmpfsFileSystem fileSystem) {
    this.fileSystem = fileSystem;
    this.memoryFile = fileSystem.context().memoryFile();
    this.pages = new FilePages(memoryFile, MemoryKind.SHMEM);
    this.memory = memoryFile.base();
  }

  long byteSize() {
    return byteSize;
  }

  /** Returns the space taken, in units of 512 bytes. */
  long blockCount() {
    long stamp = dataLock.readLock();
    try {
      return pages.pageCount() * SECTORS_PER_PAGE;
    } finally {
      dataLock.unlockRead(stamp);
    }
  }

  /** A read in progress. */
  private final class Read implements BlockReader {
    private long offset;

    @Override
    public long readToBlocks(BlockSeq dst) {
      long stamp = dataLock.readLock();
      try {
        long byteCount = Math.min(dst.numBytes(), byteSize - offset);
        if (byteCount <= 0) {
          return 0;
        }
        pages.read(offset, dst.takeFirst(byteCount));
        return byteCount;
      } finally {
        dataLock.unlockRead(stamp);
      }
    }
  }

  long read(Sink dst, long offset) {
    long seen = generation.current();
    long wanted = Math.min(dst.numBytes(), byteSize - offset);
    if (wanted <= 0) {
      return 0;
    }
    long place = placeOf(offset, wanted);
    long done = place < 0 ? 0 : dst.copyOutWhile(memory, place, wanted, generation, seen);
    return done == wanted ? done : readSlow(dst, offset, done);
  }

  /** Returns where bytes are that lie together in the memory file; -1 if that is not known. */
  private long placeOf(long offset, long byteCount) {
    long stamp = dataLock.tryOptimisticRead();
    if (stamp == 0) {
      return -1;
    }
    long place = pages.placeOf(offset, byteCount);
    return offset + byteCount <= byteSize && dataLock.validate(stamp) ? place : -1;
  }

  /** Reads what the fast way has left. */
  private long readSlow(Sink dst, long offset, long done) {
    Read read = idleRead.getAndSet(null);
    if (read == null) {
      read = new Read();
    }
    read.offset = offset + done;
    long byteCount = done;
    try {
      byteCount += (done == 0 ? dst : dst.dropFirst(done)).copyOutFrom(read);
    } catch (LinuxException e) {
      if (done == 0) {
        throw e;
      }
    }
    idleRead.setRelease(read);
    return byteCount;
  }

  /** The write in progress. */
  private final class Write implements BlockWriter {
    private long offset;

    @Override
    public long writeFromBlocks(BlockSeq src) {
      long stamp = dataLock.writeLock();
      try {
        long end = offset + src.numBytes();
        long byteCount = presentLocked(offset, end, end > byteSize) - offset;
        zeroAfterEndLocked(offset);
        pages.write(offset, src.takeFirst(byteCount));
        if (offset + byteCount > byteSize) {
          byteSize = offset + byteCount;
        }
        return byteCount;
      } finally {
        dataLock.unlockWrite(stamp);
      }
    }
  }

  /** Writes; one call at a time. */
  long write(Source src, long offset) {
    long room = BYTE_SIZE_LIMIT - offset;
    if (room <= 0) {
      throw LinuxException.of(Errno.EFBIG);
    }
    long wanted = Math.min(src.numBytes(), room);
    long place = placeOf(offset, wanted);
    if (place >= 0) {
      return src.copyIn(memory, place, wanted);
    }
    write.offset = offset;
    return (src.numBytes() > room ? src.takeFirst(room) : src).copyInTo(write);
  }

  // What lies after the end in the last page may have been written through a mapping.
  private void zeroAfterEndLocked(long upTo) {
    if (upTo > byteSize) {
      pages.zero(byteSize, Math.min(upTo, Addr.pageRoundUp(byteSize)) - byteSize);
    }
  }

  /**
   * Makes the pages of a range present.
   *
   * @return where they end, after {@code start}; less than {@code end} only if space ran out
   * @throws LinuxException ENOSPC or ENOMEM if not even the first could be made
   */
  private long presentLocked(long start, long end, boolean grows) {
    long endPage = FilePages.pagesFor(end);
    long page = pages.nextAbsent(FilePages.pageOf(start), endPage);
    while (page < endPage) {
      long next = pages.nextPresent(page, endPage);
      long made;
      try {
        made = allocateLocked(page, (next < 0 ? endPage : next) - page, grows);
      } catch (LinuxException e) {
        long reached = page << Addr.PAGE_SHIFT;
        if (reached <= start) {
          throw e;
        }
        return reached;
      }
      page = pages.nextAbsent(page + made, endPage);
    }
    return end;
  }

  private long allocateLocked(long page, long pageCount, boolean grows) {
    long taken = fileSystem.takePages(pageCount);
    long made = 0;
    try {
      made = pages.allocate(page, taken, grows);
      return made;
    } finally {
      if (made < taken) {
        fileSystem.returnPages(taken - made);
      }
    }
  }

  long nextData(long offset) {
    long stamp = dataLock.readLock();
    try {
      long page = pages.nextPresent(FilePages.pageOf(offset), FilePages.pagesFor(byteSize));
      if (offset >= byteSize || page < 0) {
        throw LinuxException.of(Errno.ENXIO);
      }
      return Math.max(offset, page << Addr.PAGE_SHIFT);
    } finally {
      dataLock.unlockRead(stamp);
    }
  }

  long nextHole(long offset) {
    long stamp = dataLock.readLock();
    try {
      if (offset >= byteSize) {
        throw LinuxException.of(Errno.ENXIO);
      }
      long page = pages.nextAbsent(FilePages.pageOf(offset), FilePages.pagesFor(byteSize));
      return Math.min(byteSize, Math.max(offset, page << Addr.PAGE_SHIFT));
    } finally {
      dataLock.unlockRead(stamp);
    }
  }

  /** Makes sure that there is space for a range, and grows the file to its end if asked to. */
  void reserve(long offset, long end, boolean grows) {
    long stamp = dataLock.writeLock();
    try {
      if (presentLocked(offset, end, false) < end) {
        throw LinuxException.of(Errno.ENOSPC);
      }
      if (grows && end > byteSize) {
        zeroAfterEndLocked(end);
        byteSize = end;
      }
    } finally {
      dataLock.unlockWrite(stamp);
    }
  }

  /** Frees whole pages of a range and zeroes what it has of others. */
  void punchHole(long offset, long end) {
    long firstWhole = Addr.pageRoundUp(offset);
    long endWhole = Addr.pageRoundDown(end);
    List<FileRange> detached;
    long stamp = dataLock.writeLock();
    try {
      if (firstWhole >= endWhole) {
        pages.zero(offset, end - offset);
        return;
      }
      pages.zero(offset, firstWhole - offset);
      pages.zero(endWhole, end - endWhole);
      detached = pages.detach(FilePages.pageOf(firstWhole), FilePages.pageOf(endWhole));
    } finally {
      dataLock.unlockWrite(stamp);
    }
    mappings().invalidate(firstWhole, endWhole, false);
    release(detached);
  }

  void resize(long newByteSize) {
    if (newByteSize > BYTE_SIZE_LIMIT) {
      throw LinuxException.of(Errno.EFBIG);
    }
    long firstGone = Addr.pageRoundUp(newByteSize);
    List<FileRange> detached;
    long stamp = dataLock.writeLock();
    try {
      if (newByteSize < byteSize) {
        pages.zero(newByteSize, firstGone - newByteSize);
      } else {
        zeroAfterEndLocked(newByteSize);
      }
      byteSize = newByteSize;
      detached = pages.detach(FilePages.pageOf(firstGone), FilePages.pageOf(BYTE_SIZE_LIMIT));
      pages.dropSpare();
    } finally {
      dataLock.unlockWrite(stamp);
    }
    mappings().invalidate(firstGone, BYTE_SIZE_LIMIT, true);
    release(detached);
  }

  /** Frees pages that were taken out, after the reads that may have found them before. */
  private void release(List<FileRange> detached) {
    if (!detached.isEmpty()) {
      generation.end();
      memoryFile.awaitCopies();
      fileSystem.returnPages(pages.release(detached));
    }
  }

  /** Gives back what was set aside for growing. */
  void dropSpare() {
    long stamp = dataLock.writeLock();
    try {
      pages.dropSpare();
    } finally {
      dataLock.unlockWrite(stamp);
    }
  }

  /** As {@link FileMappings#seal}. */
  void sealForMapping(boolean evenIfMapped) {
    mappings().seal(evenIfMapped);
  }

  @Override
  public List<Translation> translate(
      MappableRange required, MappableRange optional, AccessType access) {
    List<Translation> result = new ArrayList<>(1);
    long stamp = dataLock.writeLock();
    try {
      long fileEnd = Addr.pageRoundUp(byteSize);
      if (required.start() >= fileEnd) {
        return result;
      }
      // A file that is walked from its start gets more than it asks for, unless space is counted.
      long firstPage = FilePages.pageOf(required.start());
      boolean walked = firstPage > 0 && pages.isPresent(firstPage - 1) && !fileSystem.isLimited();
      long wanted = Math.min(walked ? optional.end() : required.end(), fileEnd);
      long end = presentLocked(required.start(), wanted, walked);
      // What follows and is there anyway costs nothing.
      long present = pages.nextAbsent(FilePages.pageOf(end), FilePages.pageOf(fileEnd));
      end = Math.max(end, Math.min(present << Addr.PAGE_SHIFT, optional.end()));
      pages.translate(new MappableRange(required.start(), end), AccessType.ANY, result);
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
