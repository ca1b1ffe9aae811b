package org.usermem.fs.page;

import java.nio.ByteBuffer;
import org.usermem.block.BlockSeq;

/**
 * Storage of a file that is open. All methods throw {@link org.usermem.errno.LinuxException}s.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public interface BackingChannel extends AutoCloseable {

  /** Returns whether it is open for writing. */
  boolean isWritable();

  /** Returns whether it can still be used. */
  boolean isOpen();

  /**
   * Reads bytes into blocks, as they are: the blocks are a program's memory.
   *
   * @param offset position of the first byte
   * @return the number of bytes read; 0 at the end
   */
  long read(long offset, BlockSeq dst);

  /**
   * Reads bytes into one buffer, as {@link #read(long, BlockSeq)} does into blocks.
   *
   * @param offset position of the first byte
   * @param dst a direct buffer; its position afterwards means nothing
   * @return the number of bytes read; 0 at the end; less than 0 if the storage takes blocks only
   */
  default long read(long offset, ByteBuffer dst) {
    return -1;
  }

  /**
   * Writes the bytes of blocks, growing the storage as needed.
   *
   * @param offset position of the first byte
   * @return the number of bytes written
   */
  long write(long offset, BlockSeq src);

  /** Returns the size in bytes. */
  long byteSize();

  /** Cuts the storage, or grows it by zeroes. */
  void resize(long newByteSize);

  /**
   * Makes what was written durable.
   *
   * @param dataOnly whether attributes that are not needed to read the data may stay
   */
  void force(boolean dataOnly);

  @Override
  void close();
}
