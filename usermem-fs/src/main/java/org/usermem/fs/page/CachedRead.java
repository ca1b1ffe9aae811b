package org.usermem.fs.page;

import java.lang.foreign.MemorySegment;
import org.usermem.block.BlockSeq;
import org.usermem.memmap.LentRanges;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.RangeReader;

/**
 * A read of a {@link CachedContents} in progress, to be used again for the next. What the storage
 * can read into one buffer goes without a view of its own.
 */
final class CachedRead implements RangeReader {

  private final CachedContents contents;
  private final MemoryFile memoryFile;
  private final MemorySegment memory;
  private final MemoryWindow window;
  private long offset;

  CachedRead(CachedContents contents, MemoryFile memoryFile) {
    this.contents = contents;
    this.memoryFile = memoryFile;
    this.memory = memoryFile.base();
    this.window = new MemoryWindow(memory);
  }

  /** Begins at a position of the file. */
  void begin(long position) {
    offset = position;
  }

  @Override
  public MemoryFile memoryFile() {
    return memoryFile;
  }

  @Override
  public long readToBlocks(BlockSeq dst) {
    return contents.readToBlocks(dst, offset);
  }

  @Override
  public long readToRanges(LentRanges dst) {
    long byteCount = dst.firstByteCount();
    if (dst.rangeCount() == 1 && byteCount <= MemoryWindow.MOST_BYTES) {
      long read = contents.readToBuffer(window.over(dst.firstStart(), byteCount), offset);
      if (read >= 0) {
        return read;
      }
    }
    return contents.readToBlocks(BlockSeq.of(memory, dst.ranges()), offset);
  }
}
