package org.usermem.block;

import java.nio.channels.GatheringByteChannel;

/** Writes to a channel, many blocks a call. */
record GatheringBlockWriter(GatheringByteChannel channel) implements BlockWriter {

  @Override
  public long writeFromBlocks(BlockSeq src) {
    if (src.isEmpty() || !BlockBuffers.canShare(src.head())) {
      return BufferTransfer.write(src, channel::write);
    }
    return VectorTransfer.move(src, channel::write);
  }
}
