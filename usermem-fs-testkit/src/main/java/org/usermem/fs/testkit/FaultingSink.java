package org.usermem.fs.testkit;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.sequence.Sink;

/**
 * A sink whose memory is there only up to a byte, as a program's buffer that reaches into an
 * unmapped page. What is there lies in two blocks, so that readers have to deal with several.
 */
public final class FaultingSink implements Sink {

  private final FaultingBytes bytes;

  /**
   * Creates a sink.
   *
   * @param byteCount how long it is
   * @param faultAt how many bytes of it are there
   */
  public FaultingSink(int byteCount, int faultAt) {
    this(new FaultingBytes(new byte[byteCount], 0, byteCount, faultAt));
  }

  private FaultingSink(FaultingBytes bytes) {
    this.bytes = bytes;
  }

  /** Returns the first bytes of all that was put in. */
  public String text(int byteCount) {
    return new String(Arrays.copyOf(bytes.bytes(), byteCount), StandardCharsets.ISO_8859_1);
  }

  @Override
  public long numBytes() {
    return bytes.byteCount();
  }

  @Override
  public Sink dropFirst(long byteCount) {
    return new FaultingSink(bytes.dropFirst(byteCount));
  }

  @Override
  public Sink takeFirst(long byteCount) {
    return new FaultingSink(bytes.takeFirst(byteCount));
  }

  @Override
  public long copyOut(MemorySegment src, long srcOffset, long byteCount) {
    return byteCount == 0 ? 0 : bytes.present().copyFrom(src, srcOffset, byteCount);
  }

  @Override
  public long zeroOut(long byteCount) {
    return byteCount == 0 ? 0 : bytes.present().takeFirst(byteCount).zero();
  }

  @Override
  public long copyOutFrom(BlockReader src) {
    if (bytes.isEmpty()) {
      return 0;
    }
    BlockSeq blocks = bytes.present();
    return blocks.requireMovable(src.readToBlocks(blocks));
  }
}
