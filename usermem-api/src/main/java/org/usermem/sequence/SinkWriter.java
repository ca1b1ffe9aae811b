package org.usermem.sequence;

import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.block.BlockWriters;
import org.usermem.errno.LinuxException;

/**
 * A cursor over a {@link Sink}: each write goes on where the one before it ended.
 *
 * <p>Thread safety: none.
 */
public final class SinkWriter implements BlockWriter {

  private Sink rest;

  SinkWriter(Sink sink) {
    this.rest = sink;
  }

  /** Returns the number of bytes that there is room for. */
  public long remaining() {
    return rest.numBytes();
  }

  /** Returns the part of the sink that is not written yet. */
  public Sink rest() {
    return rest;
  }

  /**
   * Writes bytes of a part of a segment and moves on by as many.
   *
   * @return the number of bytes written; 0 at the end of the sink, or if {@code byteCount} is 0
   * @throws LinuxException EFAULT if nothing could be written; the cursor has not moved
   */
  public long write(MemorySegment src, long srcOffset, long byteCount) {
    return advance(rest.copyOut(src, srcOffset, byteCount));
  }

  /** Writes the bytes of a segment; see {@link #write(MemorySegment, long, long)}. */
  public long write(MemorySegment src) {
    return write(src, 0, src.byteSize());
  }

  /** Writes the bytes of an array; see {@link #write(MemorySegment, long, long)}. */
  public int write(byte[] src) {
    return (int) write(MemorySegment.ofArray(src), 0, src.length);
  }

  /**
   * Writes zeroes and moves on by as many.
   *
   * @return the number of bytes written; 0 at the end of the sink, or if {@code byteCount} is 0
   * @throws LinuxException EFAULT if nothing could be written; the cursor has not moved
   */
  public long zero(long byteCount) {
    return advance(rest.zeroOut(byteCount));
  }

  /**
   * Writes the bytes of blocks and moves on by as many.
   *
   * @return the number of bytes written; 0 at the end of the sink, or if {@code src} is empty
   * @throws LinuxException EFAULT if nothing could be written; the cursor has not moved
   */
  @Override
  public long writeFromBlocks(BlockSeq src) {
    long done = 0;
    for (BlockSeq left = src; !left.isEmpty(); left = left.tail()) {
      MemorySegment head = left.head();
      long copied;
      try {
        copied = write(head);
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
   * Has a reader fill the memory of all that is not written yet, once, and moves on by what it
   * gives; see {@link Sink#copyOutFrom}.
   *
   * @return the number of bytes that {@code src} has read
   * @throws LinuxException EFAULT if nothing of the memory is there; whatever {@code src} throws.
   *     The cursor has not moved
   */
  public long writeFrom(BlockReader src) {
    return advance(rest.copyOutFrom(src));
  }

  /**
   * Returns this cursor as a stream; a fault, or a write beyond the end of the sink, becomes an
   * IOException.
   */
  public OutputStream asOutputStream() {
    return BlockWriters.asOutputStream(this);
  }

  /**
   * Returns this cursor as a channel; a fault becomes the cause of an IOException, and a write
   * beyond the end of the sink writes 0 bytes.
   */
  public WritableByteChannel asChannel() {
    return BlockWriters.asChannel(this);
  }

  private long advance(long copied) {
    rest = rest.dropFirst(copied);
    return copied;
  }
}
