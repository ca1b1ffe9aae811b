package org.usermem.fs.testkit;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.sequence.Source;

/**
 * A source whose memory is there only up to a byte, as a program's buffer that reaches into an
 * unmapped page. What is there lies in two blocks, so that writers have to deal with several.
 */
public final class FaultingSource implements Source {

  private final byte[] bytes;
  private final int start;
  private final int end;
  private final int faultAt;

  /**
   * Creates a source.
   *
   * @param text what is in it
   * @param faultAt how many bytes of it are there
   */
  public FaultingSource(String text, int faultAt) {
    this(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length(), faultAt);
  }

  private FaultingSource(byte[] bytes, int start, int end, int faultAt) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.faultAt = faultAt;
  }

  @Override
  public long numBytes() {
    return (long) end - start;
  }

  @Override
  public Source dropFirst(long byteCount) {
    return new FaultingSource(bytes, (int) Math.min(end, start + byteCount), end, faultAt);
  }

  @Override
  public Source takeFirst(long byteCount) {
    return new FaultingSource(bytes, start, (int) Math.min(end, start + byteCount), faultAt);
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
  public long copyIn(MemorySegment dst, long dstOffset, long byteCount) {
    return byteCount == 0 ? 0 : present().copyTo(dst, dstOffset, byteCount);
  }

  @Override
  public long copyInTo(BlockWriter dst) {
    if (start == end) {
      return 0;
    }
    BlockSeq blocks = present();
    return blocks.requireMovable(dst.writeFromBlocks(blocks));
  }
}
