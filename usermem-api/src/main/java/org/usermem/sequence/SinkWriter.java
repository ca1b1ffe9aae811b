package org.usermem.sequence;

import java.lang.foreign.MemorySegment;

/**
 * A cursor over a {@link Sink}: each write goes on where the one before it ended.
 *
 * <p>Thread safety: none.
 */
public final class SinkWriter {

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
   * @throws org.usermem.errno.LinuxException EFAULT if nothing could be written; the cursor has not
   *     moved
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
   * @throws org.usermem.errno.LinuxException EFAULT if nothing could be written; the cursor has not
   *     moved
   */
  public long zero(long byteCount) {
    return advance(rest.zeroOut(byteCount));
  }

  private long advance(long copied) {
    rest = rest.dropFirst(copied);
    return copied;
  }
}
