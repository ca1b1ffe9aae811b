package org.usermem.block;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import org.usermem.errno.LinuxException;

/** A block reader as a stream. */
final class BlockReaderInputStream extends InputStream {

  private final BlockReader src;

  BlockReaderInputStream(BlockReader src) {
    this.src = src;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] dst, int offset, int byteCount) throws IOException {
    BlockSeq blocks = BlockSeq.of(MemorySegment.ofArray(dst), offset, byteCount);
    if (blocks.isEmpty()) {
      return 0;
    }
    try {
      long n = blocks.requireMovable(src.readToBlocks(blocks));
      return n == 0 ? -1 : (int) n;
    } catch (LinuxException e) {
      throw new IOException(e);
    }
  }
}
