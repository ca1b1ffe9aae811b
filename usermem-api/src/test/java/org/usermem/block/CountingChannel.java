package org.usermem.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.util.stream.Stream;

/** A channel that counts its calls, and can be short or fail. */
final class CountingChannel implements ScatteringByteChannel, GatheringByteChannel {

  int calls;
  int failAfter = Integer.MAX_VALUE;
  int emptyAfter = Integer.MAX_VALUE;
  long atMost = Long.MAX_VALUE;
  private boolean open = true;

  private long move(Stream<ByteBuffer> buffers) throws IOException {
    if (calls++ >= failAfter) {
      throw new IOException("Input/output error");
    }
    long limit = calls > emptyAfter ? 0 : atMost;
    return Math.min(limit, buffers.mapToLong(ByteBuffer::remaining).sum());
  }

  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
    return move(Stream.of(dsts).skip(offset).limit(length));
  }

  @Override
  public long read(ByteBuffer[] dsts) throws IOException {
    return move(Stream.of(dsts));
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    return (int) move(Stream.of(dst));
  }

  @Override
  public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    return move(Stream.of(srcs).skip(offset).limit(length));
  }

  @Override
  public long write(ByteBuffer[] srcs) throws IOException {
    return move(Stream.of(srcs));
  }

  @Override
  public int write(ByteBuffer src) throws IOException {
    return (int) move(Stream.of(src));
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
