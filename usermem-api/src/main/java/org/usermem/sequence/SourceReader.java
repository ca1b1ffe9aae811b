package org.usermem.sequence;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ReadableByteChannel;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockReaders;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.LinuxException;

/**
 * A cursor over a {@link Source}: each read goes on where the one before it ended.
 *
 * <p>Thread safety: none.
 */
public final class SourceReader implements BlockReader {

  private Source rest;

  SourceReader(Source source) {
    this.rest = source;
  }

  /** Returns the number of bytes that are not read yet. */
  public long remaining() {
    return rest.numBytes();
  }

  /** Returns the part of the source that is not read yet. */
  public Source rest() {
    return rest;
  }

  /**
   * Reads the next bytes into a part of a segment and moves on by as many.
   *
   * @return the number of bytes read; 0 at the end of the source, or if {@code byteCount} is 0
   * @throws LinuxException EFAULT if nothing could be read; the cursor has not moved
   */
  public long read(MemorySegment dst, long dstOffset, long byteCount) {
    long copied = rest.copyIn(dst, dstOffset, byteCount);
    rest = rest.dropFirst(copied);
    return copied;
  }

  /** Reads the next bytes into a segment; see {@link #read(MemorySegment, long, long)}. */
  public long read(MemorySegment dst) {
    return read(dst, 0, dst.byteSize());
  }

  /** Reads the next bytes into an array; see {@link #read(MemorySegment, long, long)}. */
  public int read(byte[] dst) {
    return (int) read(MemorySegment.ofArray(dst), 0, dst.length);
  }

  /**
   * Reads the next bytes into blocks and moves on by as many.
   *
   * @return the number of bytes read; 0 at the end of the source, or if {@code dst} is empty
   * @throws LinuxException EFAULT if nothing could be read; the cursor has not moved
   */
  @Override
  public long readToBlocks(BlockSeq dst) {
    long done = 0;
    for (BlockSeq left = dst; !left.isEmpty(); left = left.tail()) {
      MemorySegment head = left.head();
      long copied;
      try {
        copied = read(head);
      } catch (LinuxException e) {
        if (done == 0) {
          throw e;
        }
        return done;
      }
      done += copied;
      if (copied < head.byteSize()) {
        return done;
      }
    }
    return done;
  }

  /**
   * Hands the memory of all that is not read yet to a writer, once, and moves on by what it takes;
   * see {@link Source#copyInTo}.
   *
   * @return the number of bytes that {@code dst} has taken
   * @throws LinuxException EFAULT if nothing of the memory is there; whatever {@code dst} throws.
   *     The cursor has not moved
   */
  public long readTo(BlockWriter dst) {
    long moved = rest.copyInTo(dst);
    rest = rest.dropFirst(moved);
    return moved;
  }

  /** Returns this cursor as a stream; a fault becomes the cause of an IOException. */
  public InputStream asInputStream() {
    return BlockReaders.asInputStream(this);
  }

  /** Returns this cursor as a channel; a fault becomes the cause of an IOException. */
  public ReadableByteChannel asChannel() {
    return BlockReaders.asChannel(this);
  }

  /**
   * Moves on without reading.
   *
   * @return the number of bytes skipped, fewer than {@code byteCount} at the end of the source
   */
  public long skip(long byteCount) {
    long skipped = Math.min(byteCount, rest.numBytes());
    rest = rest.dropFirst(skipped);
    return skipped;
  }
}
