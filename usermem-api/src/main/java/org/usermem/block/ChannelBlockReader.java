package org.usermem.block;

import java.nio.channels.ReadableByteChannel;

/** Reads a channel block by block. */
record ChannelBlockReader(ReadableByteChannel channel) implements BlockReader {

  @Override
  public long readToBlocks(BlockSeq dst) {
    return BufferTransfer.read(dst, channel::read);
  }
}
