package org.usermem.block;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import org.usermem.errno.LinuxException;

/** A block writer as a stream. */
final class BlockWriterOutputStream extends OutputStream {

  private final BlockWriter dst;

  BlockWriterOutputStream(BlockWriter dst) {
    this.dst = dst;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] src, int offset, int byteCount) throws IOException {
    BlockSeq blocks = BlockSeq.of(MemorySegment.ofArray(src), offset, byteCount);
    long written;
    try {
      written = BlockWriters.writeFully(dst, blocks);
    } catch (LinuxException e) {
      throw new IOException(e);
    }
    if (written < byteCount) {
      throw new IOException("no room after " + written + " of " + byteCount + " bytes");
    }
  }
}
