package org.usermem.fs.testkit;

import java.lang.foreign.MemorySegment;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * A part of a buffer that is there only up to a byte. What is there lies in two blocks.
 *
 * @param bytes the whole buffer
 * @param start first byte of the part
 * @param end first byte after the part
 * @param faultAt how many bytes of the whole buffer are there
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record FaultingBytes(byte[] bytes, int start, int end, int faultAt) {

  boolean isEmpty() {
    return start == end;
  }

  long byteCount() {
    return (long) end - start;
  }

  FaultingBytes dropFirst(long byteCount) {
    return new FaultingBytes(bytes, (int) Math.min(end, start + byteCount), end, faultAt);
  }

  FaultingBytes takeFirst(long byteCount) {
    return new FaultingBytes(bytes, start, (int) Math.min(end, start + byteCount), faultAt);
  }

  /**
   * Returns the blocks that are there.
   *
   * @throws LinuxException EFAULT if there are none of a part that is not empty
   */
  BlockSeq present() {
    int presentEnd = Math.clamp(faultAt, start, end);
    if (presentEnd == start && start < end) {
      throw LinuxException.of(Errno.EFAULT);
    }
    int middle = start + (presentEnd - start) / 3;
    MemorySegment all = MemorySegment.ofArray(bytes);
    return BlockSeq.ofArray(
        new MemorySegment[] {
          all.asSlice(start, middle - start), all.asSlice(middle, presentEnd - middle)
        },
        2);
  }
}
