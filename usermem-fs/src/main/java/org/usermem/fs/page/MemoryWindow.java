package org.usermem.fs.page;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;

/**
 * Ranges of the memory file as buffers, which are one buffer that is moved: a buffer of Java's
 * reaches two gibibytes, so it is made again when a range is farther away.
 *
 * <p>Only for those who have the memory file. Thread safety: none.
 */
final class MemoryWindow {

  private static final int STEP_SHIFT = 30;
  private static final long STEP = 1L << STEP_SHIFT;

  /** The most bytes of a range. */
  static final long MOST_BYTES = STEP - Addr.PAGE_SIZE;

  private final MemorySegment memory;
  private @Nullable ByteBuffer buffer;
  private long bufferStart;

  MemoryWindow(MemorySegment memory) {
    this.memory = memory;
  }

  /**
   * Returns the buffer over a range. It is good until the next call.
   *
   * @param byteCount at most {@link #MOST_BYTES}
   */
  ByteBuffer over(long start, long byteCount) {
    long windowStart = start & -STEP;
    ByteBuffer present = buffer;
    if (present == null || bufferStart != windowStart) {
      long windowBytes = Math.min(STEP + MOST_BYTES, memory.byteSize() - windowStart);
      present = memory.asSlice(windowStart, windowBytes).asByteBuffer();
      buffer = present;
      bufferStart = windowStart;
    }
    int position = (int) (start - windowStart);
    return present.limit(position + (int) byteCount).position(position);
  }
}
