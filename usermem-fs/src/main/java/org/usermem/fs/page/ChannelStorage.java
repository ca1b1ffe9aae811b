package org.usermem.fs.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.block.BlockReaders;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriters;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;

/**
 * Storage that is a channel of Java's. Bytes go from and to blocks as they are: the buffers that
 * the channel gets are views of them, and nothing is copied on the way.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class ChannelStorage implements BackingChannel {

  private final SeekableByteChannel channel;
  private final boolean writable;
  private final boolean owned;

  // Java reads many buffers at once, or a channel that is no file, only at the position of the
  // channel,
  // which this guards.
  private final ReentrantLock positionLock = new ReentrantLock();

  /**
   * Creates storage.
   *
   * @param channel the channel, owned by this; a {@link FileChannel} is read and written by
   *     position
   * @param writable whether it is open for writing
   */
  public ChannelStorage(SeekableByteChannel channel, boolean writable) {
    this(channel, writable, true);
  }

  private ChannelStorage(SeekableByteChannel channel, boolean writable, boolean owned) {
    this.channel = channel;
    this.writable = writable;
    this.owned = owned;
  }

  /**
   * Creates storage that is only read.
   *
   * @param channel the channel, which stays the caller's
   */
  public static ChannelStorage borrowed(FileChannel channel) {
    return new ChannelStorage(channel, false, false);
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  /**
   * Returns whether it can still be used: Java closes a channel when a thread is interrupted in it.
   */
  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public long read(long offset, BlockSeq dst) {
    if (channel instanceof FileChannel file && isSingle(dst)) {
      return BlockReaders.from(file, offset).readToBlocks(dst);
    }
    positionLock.lock();
    try {
      // Some channels refuse positions that no file has.
      if (offset >= channel.size()) {
        return 0;
      }
      channel.position(offset);
      return channel instanceof FileChannel file
          ? BlockReaders.from((ScatteringByteChannel) file).readToBlocks(dst)
          : BlockReaders.from((ReadableByteChannel) channel).readToBlocks(dst);
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    } finally {
      positionLock.unlock();
    }
  }

  @Override
  public long read(long offset, ByteBuffer dst) {
    if (!(channel instanceof FileChannel file)) {
      return -1;
    }
    try {
      return Math.max(0, file.read(dst, offset));
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  @Override
  public long write(long offset, BlockSeq src) {
    if (channel instanceof FileChannel file && isSingle(src)) {
      return BlockWriters.to(file, offset).writeFromBlocks(src);
    }
    positionLock.lock();
    try {
      channel.position(offset);
      return channel instanceof FileChannel file
          ? BlockWriters.to((GatheringByteChannel) file).writeFromBlocks(src)
          : BlockWriters.to((WritableByteChannel) channel).writeFromBlocks(src);
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    } finally {
      positionLock.unlock();
    }
  }

  private static boolean isSingle(BlockSeq blocks) {
    return blocks.isEmpty() || blocks.head().byteSize() == blocks.numBytes();
  }

  @Override
  public long byteSize() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  @Override
  public void resize(long newByteSize) {
    positionLock.lock();
    try {
      if (newByteSize <= channel.size()) {
        channel.truncate(newByteSize);
      } else {
        channel.position(newByteSize - 1);
        channel.write(ByteBuffer.allocate(1));
      }
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    } finally {
      positionLock.unlock();
    }
  }

  @Override
  public void force(boolean dataOnly) {
    try {
      if (channel instanceof FileChannel file) {
        file.force(!dataOnly);
      }
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  @Override
  public void close() {
    if (!owned) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }
}
