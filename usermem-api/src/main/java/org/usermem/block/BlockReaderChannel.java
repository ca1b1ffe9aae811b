package org.usermem.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.usermem.errno.LinuxException;

/** A block reader as a channel. */
final class BlockReaderChannel implements ReadableByteChannel {

  private final BlockReader src;
  private volatile boolean open = true;

  BlockReaderChannel(BlockReader src) {
    this.src = src;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    BlockSeq blocks = BlockSeq.of(MemorySegment.ofBuffer(dst));
    if (blocks.isEmpty()) {
      return 0;
    }
    try {
      int n = (int) blocks.requireMovable(src.readToBlocks(blocks));
      dst.position(dst.position() + n);
      return n == 0 ? -1 : n;
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
