package org.usermem.block;

import java.nio.channels.FileChannel;

/** Reads a file by position, so that nobody else's position moves. */
final class FileBlockReader implements BlockReader {

  private final FileChannel channel;
  private long position;

  FileBlockReader(FileChannel channel, long position) {
    this.channel = channel;
    this.position = position;
  }

  @Override
  public long readToBlocks(BlockSeq dst) {
    return BufferTransfer.read(
        dst,
        buffer -> {
          int n = channel.read(buffer, position);
          position += Math.max(n, 0);
          return n;
        });
  }
}
