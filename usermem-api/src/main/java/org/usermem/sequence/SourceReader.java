package org.usermem.sequence;

import java.lang.foreign.MemorySegment;

/**
 * A cursor over a {@link Source}: each read goes on where the one before it ended.
 *
 * <p>Thread safety: none.
 */
public final class SourceReader {

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
   * @throws org.usermem.errno.LinuxException EFAULT if nothing could be read; the cursor has not
   *     moved
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
