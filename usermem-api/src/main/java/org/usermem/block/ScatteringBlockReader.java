package org.usermem.block;

import java.nio.channels.ScatteringByteChannel;

/** Reads a channel, many blocks a call. */
record ScatteringBlockReader(ScatteringByteChannel channel) implements BlockReader {

  @Override
  public long readToBlocks(BlockSeq dst) {
    if (dst.isEmpty() || !BlockBuffers.canShare(dst.head())) {
      return BufferTransfer.read(dst, channel::read);
    }
    return VectorTransfer.move(dst, channel::read);
  }
}
