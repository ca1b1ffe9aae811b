package org.usermem.sequence;

import java.lang.foreign.MemorySegment;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;

/** The sink over memory that is at hand; it has no faults. */
record BlockSink(BlockSeq blocks) implements Sink {

  @Override
  public long numBytes() {
    return blocks.numBytes();
  }

  @Override
  public Sink dropFirst(long byteCount) {
    return new BlockSink(blocks.dropFirst(byteCount));
  }

  @Override
  public Sink takeFirst(long byteCount) {
    return new BlockSink(blocks.takeFirst(byteCount));
  }

  @Override
  public long copyOut(MemorySegment src, long srcOffset, long byteCount) {
    return blocks.copyFrom(src, srcOffset, byteCount);
  }

  @Override
  public long zeroOut(long byteCount) {
    return blocks.takeFirst(byteCount).zero();
  }

  @Override
  public long copyOutFrom(BlockReader src) {
    return blocks.isEmpty() ? 0 : blocks.requireMovable(src.readToBlocks(blocks));
  }
}
