package org.usermem.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.NotYetConnectedException;
import org.usermem.errno.Errno;

/** Moves bytes between blocks and a channel that takes many buffers at a time. */
final class VectorTransfer {

  /** One call of a channel. */
  @FunctionalInterface
  interface Call {
    /** Returns the number of bytes moved, or -1 at the end. */
    long move(ByteBuffer[] buffers) throws IOException;
  }

  private VectorTransfer() {}

  /**
   * Moves as many blocks as can be shared.
   *
   * @return the number of bytes moved, and of the blocks after them none could be shared, or the
   *     channel ended, or it was short
   */
  static long move(BlockSeq blocks, Call channel) {
    long done = 0;
    try {
      BlockSeq rest = blocks;
      while (!rest.isEmpty()) {
        ByteBuffer[] buffers = BlockBuffers.sharedPrefix(rest);
        if (buffers.length == 0) {
          return done;
        }
        long wanted = BlockBuffers.remaining(buffers);
        long n = channel.move(buffers);
        if (n < 0) {
          return done;
        }
        if (n == 0) {
          return ChannelErrors.doneOrThrow(done, Errno.EAGAIN);
        }
        done += n;
        if (n < wanted) {
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
}
