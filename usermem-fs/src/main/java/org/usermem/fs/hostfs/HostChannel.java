package org.usermem.fs.hostfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.block.BlockReaders;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriters;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;

/**
 * A file of the host that is open. Bytes go from and to blocks as they are: the buffers that the
 * channel gets are views of them, and nothing is copied on the way.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
final class HostChannel implements AutoCloseable {

  private final FileChannel channel;
  private final boolean writable;

  // Java reads many buffers at once only at the position of a channel, which this guards.
  private final ReentrantLock positionLock = new ReentrantLock();

  HostChannel(FileChannel channel, boolean writable) {
    this.channel = channel;
    this.writable = writable;
  }

  boolean isWritable() {
    return writable;
  }

  /**
   * Returns whether it can still be used: Java closes a channel when a thread is interrupted in it.
   */
  boolean isOpen() {
    return channel.isOpen();
  }

  /**
   * Reads bytes at an offset into blocks.
   *
   * @return the number of bytes read; 0 at the end
   */
  long read(long offset, BlockSeq dst) {
    if (isSingle(dst)) {
      return BlockReaders.from(channel, offset).readToBlocks(dst);
    }
    positionLock.lock();
    try {
      channel.position(offset);
      return BlockReaders.from((ScatteringByteChannel) channel).readToBlocks(dst);
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    } finally {
      positionLock.unlock();
    }
  }

  /** Writes the bytes of blocks at an offset. */
  long write(long offset, BlockSeq src) {
    if (isSingle(src)) {
      return BlockWriters.to(channel, offset).writeFromBlocks(src);
    }
    positionLock.lock();
    try {
      channel.position(offset);
      return BlockWriters.to((GatheringByteChannel) channel).writeFromBlocks(src);
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    } finally {
      positionLock.unlock();
    }
  }

  private static boolean isSingle(BlockSeq blocks) {
    return blocks.isEmpty() || blocks.head().byteSize() == blocks.numBytes();
  }

  long byteSize() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  /** Cuts the file, or grows it by a hole. */
  void resize(long newByteSize) {
    try {
      if (newByteSize <= channel.size()) {
        channel.truncate(newByteSize);
      } else {
        channel.write(ByteBuffer.allocate(1), newByteSize - 1);
      }
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  void force(boolean dataOnly) {
    try {
      channel.force(!dataOnly);
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }
}
