package org.usermem.block;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads a stream. A stream knows arrays only, so the bytes pass through one. */
final class StreamBlockReader implements BlockReader {

  static final int BUFFER_SIZE = 8192;

  private final InputStream in;

  StreamBlockReader(InputStream in) {
    this.in = in;
  }

  @Override
  public long readToBlocks(BlockSeq dst) {
    byte[] buffer = new byte[(int) Math.min(BUFFER_SIZE, dst.numBytes())];
    long done = 0;
    BlockSeq rest = dst;
    while (!rest.isEmpty()) {
      MemorySegment head = rest.head();
      int wanted = (int) Math.min(buffer.length, head.byteSize());
      int n;
      try {
        n = in.read(buffer, 0, wanted);
      } catch (IOException e) {
        return ChannelErrors.doneOrThrow(done, e);
      }
      if (n <= 0) {
        return done;
      }
      MemorySegment.copy(buffer, 0, head, ValueLayout.JAVA_BYTE, 0, n);
      done += n;
      if (n < wanted) {
        return done;
      }
      rest = rest.dropFirst(n);
    }
    return done;
  }
}
