package org.usermem.block;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Blocks as the buffers that channels take. */
final class BlockBuffers {

  /** The most buffers the host takes in one call, UIO_MAXIOV. */
  private static final int MAX_BUFFERS = 1024;

  /** The most bytes of a block that go in one buffer that shares them. */
  private static final long MAX_SHARED = Integer.MAX_VALUE & -4096;

  /** Capacity of the buffer that stands in for a block that can't be one. */
  private static final long MAX_COPIED = 8192;

  private BlockBuffers() {}

  /**
   * Whether a block can be a buffer: native memory and byte arrays can, other arrays can't. Of a
   * read-only segment over an array nobody can tell, so it counts as one that can't.
   */
  static boolean canShare(MemorySegment block) {
    return block.isNative() || block.heapBase().orElse(null) instanceof byte[];
  }

  /** The number of bytes of a block that go in one buffer. */
  static int capacity(MemorySegment block) {
    return (int) Math.min(canShare(block) ? MAX_SHARED : MAX_COPIED, block.byteSize());
  }

  /** The first bytes of a block as a buffer that shares them. */
  static ByteBuffer shared(MemorySegment block) {
    return block.asSlice(0, capacity(block)).asByteBuffer();
  }

  /**
   * The first blocks as buffers that share them: as many as one call takes, and none after one that
   * can't be shared whole.
   */
  static ByteBuffer[] sharedPrefix(BlockSeq blocks) {
    List<ByteBuffer> buffers = new ArrayList<>();
    BlockSeq rest = blocks;
    while (!rest.isEmpty() && buffers.size() < MAX_BUFFERS && canShare(rest.head())) {
      ByteBuffer buffer = shared(rest.head());
      boolean whole = buffer.remaining() == rest.head().byteSize();
      buffers.add(buffer);
      if (!whole) {
        break;
      }
      rest = rest.tail();
    }
    return buffers.toArray(ByteBuffer[]::new);
  }

  /** The number of bytes that buffers have room for, or give. */
  static long remaining(ByteBuffer[] buffers) {
    long sum = 0;
    for (ByteBuffer buffer : buffers) {
      sum += buffer.remaining();
    }
    return sum;
  }
}
