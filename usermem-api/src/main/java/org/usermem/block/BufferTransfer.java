package org.usermem.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.NotYetConnectedException;
import org.usermem.errno.Errno;

/** Moves bytes between blocks and whatever takes one buffer at a time. */
final class BufferTransfer {

  /** One call of a channel. */
  @FunctionalInterface
  interface Call {
    /** Returns the number of bytes moved, or -1 at the end. */
    int move(ByteBuffer buffer) throws IOException;
  }

  /** A call that takes a block. */
  @FunctionalInterface
  private interface Step {
    int move(MemorySegment block, Call channel) throws IOException;
  }

  private BufferTransfer() {}

  static long read(BlockSeq dst, Call channel) {
    return move(dst, channel, BufferTransfer::readBlock);
  }

  static long write(BlockSeq src, Call channel) {
    return move(src, channel, BufferTransfer::writeBlock);
  }

  private static long move(BlockSeq blocks, Call channel, Step step) {
    long done = 0;
    try {
      BlockSeq rest = blocks;
      while (!rest.isEmpty()) {
        MemorySegment head = rest.head();
        int n = step.move(head, channel);
        if (n < 0) {
          return done;
        }
        if (n == 0) {
          return ChannelErrors.doneOrThrow(done, Errno.EAGAIN);
        }
        done += n;
        if (n < BlockBuffers.capacity(head)) {
          return done;
        }
        rest = rest.dropFirst(n);
      }
      return done;
    } catch (IOException
        | NonReadableChannelException
        | NonWritableChannelException
        | NotYetConnectedException e) {
      return ChannelErrors.doneOrThrow(done, e);
    }
  }

  private static int readBlock(MemorySegment block, Call channel) throws IOException {
    if (BlockBuffers.canShare(block)) {
      return channel.move(BlockBuffers.shared(block));
    }
    ByteBuffer buffer = ByteBuffer.allocate(BlockBuffers.capacity(block));
    int n = channel.move(buffer);
    MemorySegment.copy(MemorySegment.ofBuffer(buffer.flip()), 0, block, 0, Math.max(n, 0));
    return n;
  }

  private static int writeBlock(MemorySegment block, Call channel) throws IOException {
    if (BlockBuffers.canShare(block)) {
      return channel.move(BlockBuffers.shared(block));
    }
    ByteBuffer buffer = ByteBuffer.allocate(BlockBuffers.capacity(block));
    MemorySegment.copy(block, 0, MemorySegment.ofBuffer(buffer), 0, buffer.capacity());
    return channel.move(buffer);
  }
}
