package org.usermem.block;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes to a stream. A stream knows arrays only, so the bytes pass through one. */
final class StreamBlockWriter implements BlockWriter {

  private final OutputStream out;

  StreamBlockWriter(OutputStream out) {
    this.out = out;
  }

  @Override
  public long writeFromBlocks(BlockSeq src) {
    byte[] buffer = new byte[(int) Math.min(StreamBlockReader.BUFFER_SIZE, src.numBytes())];
    long done = 0;
    BlockSeq rest = src;
    while (!rest.isEmpty()) {
      MemorySegment head = rest.head();
      int n = (int) Math.min(buffer.length, head.byteSize());
      MemorySegment.copy(head, ValueLayout.JAVA_BYTE, 0, buffer, 0, n);
      try {
        out.write(buffer, 0, n);
      } catch (IOException e) {
        return ChannelErrors.doneOrThrow(done, e);
      }
      done += n;
      rest = rest.dropFirst(n);
    }
    return done;
  }
}
