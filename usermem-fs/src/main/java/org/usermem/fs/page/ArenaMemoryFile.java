package org.usermem.fs.page;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;

/**
 * A memory file in the JVM's own memory, of a fixed size: for embedders of file systems without
 * guest processes, and for tests. A sentry uses the platform's, which guests can map.
 *
 * <p>Thread safety: all methods, from any thread.
 */
public final class ArenaMemoryFile implements MemoryFile, AutoCloseable {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final int[] references; // guarded by this
  private final BitSet used; // guarded by this

  /**
   * Creates a memory file.
   *
   * @param byteSize the memory that can be allocated; a multiple of the page size, below 8 TiB
   */
  public ArenaMemoryFile(long byteSize) {
    int pageCount = Math.toIntExact(byteSize >>> Addr.PAGE_SHIFT);
    this.memory = arena.allocate(byteSize, Addr.PAGE_SIZE);
    this.references = new int[pageCount];
    this.used = new BitSet(pageCount);
  }

  /** Returns the bytes of all pages that have references. */
  public synchronized long allocatedBytes() {
    return (long) used.cardinality() << Addr.PAGE_SHIFT;
  }

  @Override
  public synchronized FileRange allocate(long byteCount, MemoryKind kind) {
    int count = pageIndex(byteCount);
    if (count <= 0 || !Addr.isPageAligned(byteCount)) {
      throw new IllegalArgumentException("can't allocate " + byteCount + " bytes: not whole pages");
    }
    int start = 0;
    while (true) {
      start = used.nextClearBit(start);
      int end = used.nextSetBit(start);
      if (start + count > references.length) {
        throw LinuxException.of(Errno.ENOMEM);
      }
      if (end < 0 || end - start >= count) {
        break;
      }
      start = end;
    }
    for (int page = start; page < start + count; page++) {
      references[page] = 1;
    }
    used.set(start, start + count);
    FileRange range = FileRange.of((long) start << Addr.PAGE_SHIFT, byteCount);
    segment(range).fill((byte) 0);
    return range;
  }

  private static int pageIndex(long offset) {
    return Math.toIntExact(offset >>> Addr.PAGE_SHIFT);
  }

  @Override
  public synchronized void incRef(FileRange range) {
    for (int page = pageIndex(range.start()); page < pageIndex(range.end()); page++) {
      requireReferenced(page);
      references[page]++;
    }
  }

  @Override
  public synchronized void decRef(FileRange range) {
    for (int page = pageIndex(range.start()); page < pageIndex(range.end()); page++) {
      requireReferenced(page);
      if (--references[page] == 0) {
        used.clear(page);
      }
    }
  }

  private void requireReferenced(int page) {
    if (references[page] == 0) {
      throw new IllegalStateException("no reference is held on page " + page);
    }
  }

  @Override
  public MemorySegment segment(FileRange range) {
    return memory.asSlice(range.start(), range.byteCount());
  }

  @Override
  public MemorySegment base() {
    return memory;
  }

  /** Returns the pages as they are: without native access they can't be bound to the arena. */
  @Override
  public BlockSeq loan(Arena loanArena, FileRange range) {
    return BlockSeq.of(segment(range));
  }

  @Override
  public void decommit(FileRange range) {
    segment(range).fill((byte) 0);
  }

  /** Frees the memory; segments of it can't be used any more. */
  @Override
  public void close() {
    arena.close();
  }
}
