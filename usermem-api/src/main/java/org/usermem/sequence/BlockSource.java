package org.usermem.sequence;

import java.lang.foreign.MemorySegment;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;

/** The source of bytes that are at hand; it has no faults. */
record BlockSource(BlockSeq blocks) implements Source {

  @Override
  public long numBytes() {
    return blocks.numBytes();
  }

  @Override
  public Source dropFirst(long byteCount) {
    return new BlockSource(blocks.dropFirst(byteCount));
  }

  @Override
  public Source takeFirst(long byteCount) {
    return new BlockSource(blocks.takeFirst(byteCount));
  }

  @Override
  public long copyIn(MemorySegment dst, long dstOffset, long byteCount) {
    return blocks.copyTo(dst, dstOffset, byteCount);
  }

  @Override
  public long copyInTo(BlockWriter dst) {
    return blocks.isEmpty() ? 0 : blocks.requireMovable(dst.writeFromBlocks(blocks));
  }
}
