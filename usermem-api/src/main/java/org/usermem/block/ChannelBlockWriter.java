package org.usermem.block;

import java.nio.channels.WritableByteChannel;

/** Writes to a channel block by block. */
record ChannelBlockWriter(WritableByteChannel channel) implements BlockWriter {

  @Override
  public long writeFromBlocks(BlockSeq src) {
    return BufferTransfer.write(src, channel::write);
  }
}
