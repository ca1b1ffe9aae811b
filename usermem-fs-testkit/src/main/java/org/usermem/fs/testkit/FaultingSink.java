package org.usermem.fs.testkit;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.sequence.Sink;

/**
 * A sink whose memory is there only up to a byte, as a program's buffer that reaches into an
 * unmapped page. What is there lies in two blocks, so that readers have to deal with several.
 */
public final class FaultingSink implements Sink {

  private final byte[] bytes;
  private final int start;
  private final int end;
  private final int faultAt;

  /**
   * Creates a sink.
   *
   * @param byteCount how long it is
   * @param faultAt how many bytes of it are there
   */
  public FaultingSink(int byteCount, int faultAt) {
    this(new byte[byteCount], 0, byteCount, faultAt);
  }

  private FaultingSink(byte[] bytes, int start, int end, int faultAt) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.faultAt = faultAt;
  }

  /** Returns the first bytes of all that was put in. */
  public String text(int byteCount) {
    return new String(Arrays.copyOf(bytes, byteCount), StandardCharsets.ISO_8859_1);
  }

  @Override
  public long numBytes() {
    return (long) end - start;
  }

  @Override
  public Sink dropFirst(long byteCount) {
    return new FaultingSink(bytes, (int) Math.min(end, start + byteCount), end, faultAt);
  }

  @Override
  public Sink takeFirst(long byteCount) {
    return new FaultingSink(bytes, start, (int) Math.min(end, start + byteCount), faultAt);
  }

  private BlockSeq present() {
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

  @Override
  public long copyOut(MemorySegment src, long srcOffset, long byteCount) {
    return byteCount == 0 ? 0 : present().copyFrom(src, srcOffset, byteCount);
  }

  @Override
  public long zeroOut(long byteCount) {
    return byteCount == 0 ? 0 : present().takeFirst(byteCount).zero();
  }

  @Override
  public long copyOutFrom(BlockReader src) {
    if (start == end) {
      return 0;
    }
    BlockSeq blocks = present();
    return blocks.requireMovable(src.readToBlocks(blocks));
  }
}
