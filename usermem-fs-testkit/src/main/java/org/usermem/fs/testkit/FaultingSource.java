package org.usermem.fs.testkit;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.sequence.Source;

/**
 * A source whose memory is there only up to a byte, as a program's buffer that reaches into an
 * unmapped page. What is there lies in two blocks, so that writers have to deal with several.
 */
public final class FaultingSource implements Source {

  private final FaultingBytes bytes;

  /**
   * Creates a source.
   *
   * @param text what is in it
   * @param faultAt how many bytes of it are there
   */
  public FaultingSource(String text, int faultAt) {
    this(new FaultingBytes(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length(), faultAt));
  }

  private FaultingSource(FaultingBytes bytes) {
    this.bytes = bytes;
  }

  @Override
  public long numBytes() {
    return bytes.byteCount();
  }

  @Override
  public Source dropFirst(long byteCount) {
    return new FaultingSource(bytes.dropFirst(byteCount));
  }

  @Override
  public Source takeFirst(long byteCount) {
    return new FaultingSource(bytes.takeFirst(byteCount));
  }

  @Override
  public long copyIn(MemorySegment dst, long dstOffset, long byteCount) {
    return byteCount == 0 ? 0 : bytes.present().copyTo(dst, dstOffset, byteCount);
  }

  @Override
  public long copyInTo(BlockWriter dst) {
    if (bytes.isEmpty()) {
      return 0;
    }
    BlockSeq blocks = bytes.present();
    return blocks.requireMovable(dst.writeFromBlocks(blocks));
  }
}
