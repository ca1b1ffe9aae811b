package org.usermem.block;

import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import org.usermem.errno.LinuxException;

/**
 * Makes {@link BlockWriter}s of what Java writes to, and the other way round.
 *
 * <p>Writers made here follow one rule for transfers in part: they go block by block, ask once a
 * block, and stop at the first short answer. An error after some bytes gives their number; {@link
 * org.usermem.errno.HostErrno} says which errno one without is.
 *
 * <p>Thread safety of what is made: that of what it is made of.
 *
 * <p>Source: {@code pkg/safemem/io.go} of gVisor.
 */
public final class BlockWriters {

  private BlockWriters() {}

  /**
   * Returns a writer into blocks. It goes on where it ended, and gives 0 when they are full. Thread
   * safety: none.
   */
  public static BlockWriter to(BlockSeq bytes) {
    return new BlockWriter() {
      private BlockSeq rest = bytes;

      @Override
      public long writeFromBlocks(BlockSeq src) {
        long copied = rest.copyFrom(src);
        rest = rest.dropFirst(copied);
        return copied;
      }
    };
  }

  /** Returns a writer that takes everything and keeps nothing, as /dev/null does. */
  public static BlockWriter discarding() {
    return BlockSeq::numBytes;
  }

  /**
   * Returns a writer to a stream. It copies through a buffer of a few KiB. A stream does not tell
   * how much of a failed write it has taken; none of it is counted.
   */
  public static BlockWriter to(OutputStream out) {
    return new StreamBlockWriter(out);
  }

  /**
   * Returns a writer to a channel, which takes from the blocks without a copy in between. A channel
   * in non-blocking mode that has no room gives EAGAIN.
   */
  public static BlockWriter to(WritableByteChannel channel) {
    return new ChannelBlockWriter(channel);
  }

  /**
   * Returns a writer to a channel that takes many blocks in one call of the host (writev(2)). A
   * channel in non-blocking mode that has no room gives EAGAIN.
   */
  public static BlockWriter to(GatheringByteChannel channel) {
    return new GatheringBlockWriter(channel);
  }

  /**
   * Returns a writer to a file from a position on; the position of the channel stays as it is
   * (pwrite(2)). It goes on where it ended. Thread safety: none.
   *
   * @param position offset in the file of the first byte, not negative
   */
  public static BlockWriter to(FileChannel channel, long position) {
    return new FileBlockWriter(channel, position);
  }

  /**
   * Writes until blocks are empty.
   *
   * @return the number of bytes written; less than {@code src.numBytes()} exactly when {@code dst}
   *     takes no more, or an error was met after some bytes
   * @throws LinuxException if there was an error and nothing was written
   */
  public static long writeFully(BlockWriter dst, BlockSeq src) {
    long done = 0;
    BlockSeq rest = src;
    while (!rest.isEmpty()) {
      long moved;
      try {
        moved = rest.requireMovable(dst.writeFromBlocks(rest));
      } catch (LinuxException e) {
        if (done == 0) {
          throw e;
        }
        return done;
      }
      if (moved == 0) {
        return done;
      }
      done += moved;
      rest = rest.dropFirst(moved);
    }
    return done;
  }

  /**
   * Returns a stream that hands what is written to a writer. A {@link LinuxException} of the writer
   * becomes the cause of an {@link java.io.IOException}, and so does a writer that takes no more.
   */
  public static OutputStream asOutputStream(BlockWriter dst) {
    return new BlockWriterOutputStream(dst);
  }

  /**
   * Returns a channel that hands what is written to a writer. A {@link LinuxException} of the
   * writer becomes the cause of an {@link java.io.IOException}. Closing it closes nothing else.
   */
  public static WritableByteChannel asChannel(BlockWriter dst) {
    return new BlockWriterChannel(dst);
  }
}
