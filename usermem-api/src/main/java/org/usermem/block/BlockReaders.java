package org.usermem.block;

import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import org.usermem.errno.LinuxException;

/**
 * Makes {@link BlockReader}s of what Java reads from, and the other way round.
 *
 * <p>Readers made here follow one rule for transfers in part: they go block by block, ask once a
 * block, and stop at the first short answer, so they never wait for more when they have something.
 * An error after some bytes gives their number; {@link org.usermem.errno.HostErrno} says which
 * errno one without is.
 *
 * <p>Thread safety of what is made: that of what it is made of.
 *
 * <p>Source: {@code pkg/safemem/io.go} of gVisor.
 */
public final class BlockReaders {

  private BlockReaders() {}

  /**
   * Returns a reader of the bytes in blocks. It goes on where it ended, and gives 0 after the last
   * byte. Thread safety: none.
   */
  public static BlockReader from(BlockSeq bytes) {
    return new BlockReader() {
      private BlockSeq rest = bytes;

      @Override
      public long readToBlocks(BlockSeq dst) {
        long copied = dst.copyFrom(rest);
        rest = rest.dropFirst(copied);
        return copied;
      }
    };
  }

  /** Returns a reader that gives zeroes without end, as /dev/zero does. */
  public static BlockReader zeroes() {
    return BlockSeq::zero;
  }

  /** Returns a reader of a stream. It copies through a buffer of a few KiB. */
  public static BlockReader from(InputStream in) {
    return new StreamBlockReader(in);
  }

  /**
   * Returns a reader of a channel, which fills the blocks without a copy in between. A channel in
   * non-blocking mode that has nothing gives EAGAIN.
   */
  public static BlockReader from(ReadableByteChannel channel) {
    return new ChannelBlockReader(channel);
  }

  /**
   * Returns a reader of a channel that fills many blocks in one call of the host (readv(2)). A
   * channel in non-blocking mode that has nothing gives EAGAIN.
   */
  public static BlockReader from(ScatteringByteChannel channel) {
    return new ScatteringBlockReader(channel);
  }

  /**
   * Returns a reader of a file from a position on; the position of the channel stays as it is
   * (pread(2)). It goes on where it ended. Thread safety: none.
   *
   * @param position offset in the file of the first byte, not negative
   */
  public static BlockReader from(FileChannel channel, long position) {
    return new FileBlockReader(channel, position);
  }

  /**
   * Reads until blocks are full.
   *
   * @return the number of bytes read; less than {@code dst.numBytes()} exactly when the end was
   *     reached, or an error was met after some bytes
   * @throws LinuxException if there was an error and nothing was read
   */
  public static long readFully(BlockReader src, BlockSeq dst) {
    long done = 0;
    BlockSeq rest = dst;
    while (!rest.isEmpty()) {
      long moved;
      try {
        moved = rest.requireMovable(src.readToBlocks(rest));
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
   * Returns a stream that gives what a reader reads. A {@link LinuxException} of the reader becomes
   * the cause of an {@link java.io.IOException}.
   */
  public static InputStream asInputStream(BlockReader src) {
    return new BlockReaderInputStream(src);
  }

  /**
   * Returns a channel that gives what a reader reads. A {@link LinuxException} of the reader
   * becomes the cause of an {@link java.io.IOException}. Closing it closes nothing else.
   */
  public static ReadableByteChannel asChannel(BlockReader src) {
    return new BlockReaderChannel(src);
  }
}
