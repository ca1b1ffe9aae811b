package org.usermem.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import org.usermem.errno.LinuxException;

/** A block writer as a channel. */
final class BlockWriterChannel implements WritableByteChannel {

  private final BlockWriter dst;
  private volatile boolean open = true;

  BlockWriterChannel(BlockWriter dst) {
    this.dst = dst;
  }

  @Override
  public int write(ByteBuffer src) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    BlockSeq blocks = BlockSeq.of(MemorySegment.ofBuffer(src));
    if (blocks.isEmpty()) {
      return 0;
    }
    try {
      int n = (int) blocks.requireMovable(dst.writeFromBlocks(blocks));
      src.position(src.position() + n);
      return n;
    } catch (LinuxException e) {
      throw new IOException(e);
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
