package org.usermem.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.io.IO;
import org.usermem.io.IOOpts;

/**
 * A buffer of one task for structures on their way between program and kernel, so that a system
 * call allocates none. For the task's own thread.
 */
public final class UserScratch {

  /** The longest structure that is copied through the buffer. */
  public static final int MAXIMUM_BYTE_COUNT = 64 << 10;

  private static final int INITIAL_BYTE_COUNT = 256;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private MemorySegment buffer = MemorySegment.ofArray(new long[INITIAL_BYTE_COUNT / Long.BYTES]);

  UserScratch() {}

  MemorySegment take(long byteCount) {
    if (byteCount < 0 || byteCount > MAXIMUM_BYTE_COUNT) {
      throw new IllegalArgumentException(
          "a scratch buffer has 0 to " + MAXIMUM_BYTE_COUNT + " bytes, not " + byteCount);
    }
    if (byteCount > buffer.byteSize()) {
      int words = (int) (Long.highestOneBit(byteCount - 1) * 2) / Long.BYTES;
      buffer = MemorySegment.ofArray(new long[words]);
    }
    return buffer.asSlice(0, byteCount);
  }

  int copyInInt(IO memory, long addr) {
    if ((addr & 3) == 0) {
      return memory.loadInt(addr, IOOpts.DEFAULT);
    }
    MemorySegment word = take(Integer.BYTES);
    memory.copyInFully(addr, word, IOOpts.DEFAULT);
    return word.get(INT, 0);
  }

  long copyInLong(IO memory, long addr) {
    if ((addr & 7) == 0) {
      return memory.loadLong(addr, IOOpts.DEFAULT);
    }
    MemorySegment word = take(Long.BYTES);
    memory.copyInFully(addr, word, IOOpts.DEFAULT);
    return word.get(LONG, 0);
  }

  void copyOutInt(IO memory, long addr, int value) {
    if ((addr & 3) == 0) {
      memory.storeInt(addr, value, IOOpts.DEFAULT);
      return;
    }
    MemorySegment word = take(Integer.BYTES);
    word.set(INT, 0, value);
    memory.copyOutFully(addr, word, IOOpts.DEFAULT);
  }

  void copyOutLong(IO memory, long addr, long value) {
    if ((addr & 7) == 0) {
      memory.storeLong(addr, value, IOOpts.DEFAULT);
      return;
    }
    MemorySegment word = take(Long.BYTES);
    word.set(LONG, 0, value);
    memory.copyOutFully(addr, word, IOOpts.DEFAULT);
  }
}
