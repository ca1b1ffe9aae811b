package org.usermem.block;

import java.nio.channels.FileChannel;

/** Writes to a file by position, so that nobody else's position moves. */
final class FileBlockWriter implements BlockWriter {

  private final FileChannel channel;
  private long position;

  FileBlockWriter(FileChannel channel, long position) {
    this.channel = channel;
    this.position = position;
  }

  @Override
  public long writeFromBlocks(BlockSeq src) {
    return BufferTransfer.write(
        src,
        buffer -> {
          int n = channel.write(buffer, position);
          position += n;
          return n;
        });
  }
}
