package org.usermem.fs.page;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Translation;

/**
 * The pages of one file that are in the memory file, by their number in the file. Each has one
 * reference, which belongs to this.
 *
 * <p>Thread safety: none. The owner has a lock for it, the one that it takes in {@code
 * Mappable.translate} and in block readers and writers: reading needs it shared, all else
 * exclusive.
 */
public final class FilePages {

  /** The largest size of a file: the end of the last page that a signed offset can name. */
  public static final long BYTE_SIZE_LIMIT = Long.MAX_VALUE & -Addr.PAGE_SIZE;

  /** The most pages that are set aside for a file that grows, so that its pages lie together. */
  private static final long LONGEST_SPARE = 64;

  private final MemoryFile memoryFile;
  private final MemoryKind kind;
  private final PageTree tree = new PageTree();

  // Allocated ahead for the pages that come next in a file that grows at its end.
  private long sparePage;
  private long spareOffset;
  private long spareCount;

  /**
   * Creates the pages of a file, none at first.
   *
   * @param memoryFile where they are allocated
   * @param kind what they are accounted as
   */
  public FilePages(MemoryFile memoryFile, MemoryKind kind) {
    this.memoryFile = memoryFile;
    this.kind = kind;
  }

  /** Returns the number of the page that holds a byte. */
  public static long pageOf(long offset) {
    return offset >>> Addr.PAGE_SHIFT;
  }

  /** Returns the number of pages that so many bytes fill, the last perhaps in part. */
  public static long pagesFor(long byteCount) {
    return (byteCount + Addr.PAGE_SIZE - 1) >>> Addr.PAGE_SHIFT;
  }

  /** Returns the number of pages that are present. */
  public long pageCount() {
    return tree.pageCount();
  }

  /** Returns whether a page is present. */
  public boolean isPresent(long page) {
    return tree.get(page) != PageTree.ABSENT;
  }

  /** Returns the first page at or after one that is present; -1 if there is none before the end. */
  public long nextPresent(long from, long end) {
    return tree.nextPresent(from, end);
  }

  /** Returns the first page at or after one that is absent; the end if there is none before it. */
  public long nextAbsent(long from, long end) {
    return tree.nextAbsent(from, end);
  }

  /**
   * Copies bytes out; pages that are absent read as zeroes.
   *
   * @param offset position in the file of the first byte
   * @param dst where they go, all of it is filled
   */
  public void read(long offset, BlockSeq dst) {
    long left = dst.numBytes();
    long at = offset;
    BlockSeq rest = dst;
    while (left > 0) {
      long page = pageOf(at);
      long inPage = at & (Addr.PAGE_SIZE - 1);
      long memory = tree.get(page);
      long count;
      if (memory == PageTree.ABSENT) {
        long end = tree.nextPresent(page + 1, pagesFor(at + left));
        count = end < 0 ? left : Math.min(left, (end << Addr.PAGE_SHIFT) - at);
        rest.takeFirst(count).zero();
      } else {
        long run = tree.run(page, pagesFor(inPage + left)) << Addr.PAGE_SHIFT;
        count = Math.min(left, run - inPage);
        rest.copyFrom(memoryFile.base(), memory + inPage, count);
      }
      at += count;
      left -= count;
      if (left > 0) {
        rest = rest.dropFirst(count);
      }
    }
  }

  /**
   * Copies bytes in. All pages that they fall in are present.
   *
   * @param offset position in the file of the first byte
   * @param src the bytes
   */
  public void write(long offset, BlockSeq src) {
    long left = src.numBytes();
    long at = offset;
    BlockSeq rest = src;
    while (left > 0) {
      long page = pageOf(at);
      long inPage = at & (Addr.PAGE_SIZE - 1);
      long run = tree.run(page, pagesFor(inPage + left)) << Addr.PAGE_SHIFT;
      long count = Math.min(left, run - inPage);
      if (count <= 0) {
        throw new IllegalStateException("page " + page + " is written but absent");
      }
      rest.copyTo(memoryFile.base(), tree.get(page) + inPage, count);
      at += count;
      left -= count;
      if (left > 0) {
        rest = rest.dropFirst(count);
      }
    }
  }

  /** Sets bytes to zero where their pages are present. */
  public void zero(long offset, long byteCount) {
    long end = offset + byteCount;
    long at = offset;
    while (at < end) {
      long page = tree.nextPresent(pageOf(at), pagesFor(end));
      if (page < 0) {
        return;
      }
      at = Math.max(at, page << Addr.PAGE_SHIFT);
      long inPage = at & (Addr.PAGE_SIZE - 1);
      long count = Math.min(end - at, Addr.PAGE_SIZE - inPage);
      segment(tree.get(page) + inPage, count).fill((byte) 0);
      at += count;
    }
  }

  private MemorySegment segment(long start, long byteCount) {
    return memoryFile.segment(new FileRange(start, start + byteCount));
  }

  /** Returns the memory of pages that are present and lie together. */
  public MemorySegment segmentOf(long page, long pageCount) {
    return segment(tree.get(page), pageCount << Addr.PAGE_SHIFT);
  }

  /**
   * Returns how many pages, beginning with one that is present, lie together in the memory file.
   *
   * @param limit the most that matters, positive
   */
  public long run(long page, long limit) {
    return tree.run(page, limit);
  }

  /**
   * Makes pages present that are absent, all of them zero.
   *
   * @param page the first; absent
   * @param pageCount how many, all absent
   * @param grows whether more pages after these are to be expected soon
   * @return the number of pages made, from the first on; less only if memory ran out after some
   * @throws LinuxException ENOMEM if none could be made
   */
  public long allocate(long page, long pageCount, boolean grows) {
    if (spareCount > 0 && page == sparePage) {
      return useSpare(page, pageCount);
    }
    if (grows && pageCount < LONGEST_SPARE) {
      long spare = Math.min(LONGEST_SPARE, tree.pageCount());
      if (spare > pageCount) {
        dropSpare();
        FileRange range = allocateOrNothing(spare);
        if (range != null) {
          sparePage = page;
          spareOffset = range.start();
          spareCount = spare;
          return useSpare(page, pageCount);
        }
      }
    }
    FileRange range = memoryFile.allocate(pageCount << Addr.PAGE_SHIFT, kind);
    for (long i = 0; i < pageCount; i++) {
      tree.put(page + i, range.start() + (i << Addr.PAGE_SHIFT));
    }
    return pageCount;
  }

  private @Nullable FileRange allocateOrNothing(long pageCount) {
    try {
      return memoryFile.allocate(pageCount << Addr.PAGE_SHIFT, kind);
    } catch (LinuxException e) {
      return null;
    }
  }

  private long useSpare(long page, long pageCount) {
    long count = Math.min(pageCount, spareCount);
    for (long i = 0; i < count; i++) {
      tree.put(page + i, spareOffset);
      spareOffset += Addr.PAGE_SIZE;
    }
    sparePage += count;
    spareCount -= count;
    return count;
  }

  /** Gives back what was set aside for growing. */
  public void dropSpare() {
    if (spareCount > 0) {
      memoryFile.decRef(FileRange.of(spareOffset, spareCount << Addr.PAGE_SHIFT));
      spareCount = 0;
    }
  }

  /**
   * Takes pages out, which stay allocated: whoever has translations of them is to be told before
   * they are {@linkplain #release released}.
   *
   * @param from the first page
   * @param end the first page after them
   * @return where they are in the memory file; their references are the caller's
   */
  public List<FileRange> detach(long from, long end) {
    if (sparePage >= from && sparePage < end) {
      dropSpare();
    }
    List<FileRange> detached = new ArrayList<>();
    long page = tree.nextPresent(from, end);
    while (page >= 0) {
      long run = tree.run(page, end - page);
      detached.add(FileRange.of(tree.get(page), run << Addr.PAGE_SHIFT));
      for (long i = 0; i < run; i++) {
        tree.remove(page + i);
      }
      page = tree.nextPresent(page + run, end);
    }
    return detached;
  }

  /**
   * Drops the references on pages that were taken out. May be called without a lock.
   *
   * @return the number of pages
   */
  public long release(List<FileRange> detached) {
    long count = 0;
    for (FileRange range : detached) {
      memoryFile.decRef(range);
      count += range.byteCount() >>> Addr.PAGE_SHIFT;
    }
    return count;
  }

  /**
   * Returns where bytes are in the memory file, if they lie together there.
   *
   * <p>May be called without a lock by somebody who finds out afterwards whether anything changed
   * meanwhile, and does not believe the answer if it did.
   *
   * @param offset position in the file of the first byte
   * @param byteCount how many, positive
   * @return an offset in the memory file, or -1
   */
  public long placeOf(long offset, long byteCount) {
    long page = pageOf(offset);
    long memory = tree.get(page);
    if (memory == PageTree.ABSENT) {
      return -1;
    }
    long inPage = offset & (Addr.PAGE_SIZE - 1);
    long pageCount = pagesFor(inPage + byteCount);
    return pageCount == 1 || tree.run(page, pageCount) == pageCount ? memory + inPage : -1;
  }

  /** Marks a page that is present as dirty or clean. Returns whether that changed anything. */
  public boolean setDirty(long page, boolean dirty) {
    return tree.setDirty(page, dirty);
  }

  /** Returns whether a page is dirty. */
  public boolean isDirty(long page) {
    return tree.isDirty(page);
  }

  /**
   * Returns how far down the memory of a page that is present goes on in one piece.
   *
   * @param offset the offset of the page
   * @param limit where to stop, at or below it
   */
  public long runStart(long offset, long limit) {
    long page = pageOf(offset);
    long first = pageOf(limit);
    long memory = tree.get(page);
    while (page > first && tree.get(page - 1) == memory - Addr.PAGE_SIZE) {
      page--;
      memory -= Addr.PAGE_SIZE;
    }
    return page << Addr.PAGE_SHIFT;
  }

  /**
   * Adds translations of pages that are present, up to the first that is not.
   *
   * @param range the offsets to translate, aligned to pages
   * @param access what the translations allow
   * @param into gets the translations, in order
   */
  public void translate(MappableRange range, AccessType access, List<Translation> into) {
    long page = pageOf(range.start());
    long end = pageOf(range.end());
    while (page < end) {
      long memory = tree.get(page);
      if (memory == PageTree.ABSENT) {
        return;
      }
      long run = tree.run(page, end - page);
      into.add(
          new Translation(
              MappableRange.of(page << Addr.PAGE_SHIFT, run << Addr.PAGE_SHIFT), memory, access));
      page += run;
    }
  }
}
