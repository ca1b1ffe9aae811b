package org.usermem.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * An {@link IO} over a segment, for tests and embedders. Addresses are offsets in the segment, and
 * what lies outside it is a fault.
 *
 * <p>Options make no difference. Blocks that are handed out are slices of the segment itself,
 * read-only where they are a source; they live as long as the segment does, so this class does not
 * catch a callback that keeps one.
 *
 * <p>Words can be accessed where the segment allows it: native memory does, an array does up to the
 * size of its elements. A {@code byte[]} has no atomic words; {@link #allocate} always has.
 *
 * <p>Thread safety: that of the segment.
 */
public final class BytesIO implements IO {

  private static final VarHandle INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private final MemorySegment bytes;
  private final MemorySegment readOnlyBytes;

  private BytesIO(MemorySegment bytes) {
    this.bytes = bytes;
    this.readOnlyBytes = bytes.asReadOnly();
  }

  /** Returns an IO over a segment; a read-only segment takes no copies out. */
  public static BytesIO of(MemorySegment bytes) {
    return new BytesIO(bytes);
  }

  /** Returns an IO over an array, which is not copied. It has no atomic words. */
  public static BytesIO of(byte[] bytes) {
    return new BytesIO(MemorySegment.ofArray(bytes));
  }

  /** Returns an IO over new native memory of zeroes, which is freed when nothing refers to it. */
  public static BytesIO allocate(long byteCount) {
    return new BytesIO(Arena.ofAuto().allocate(byteCount, Long.BYTES));
  }

  /** Returns the segment. */
  public MemorySegment bytes() {
    return bytes;
  }

  @Override
  public long copyOut(long addr, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(srcOffset, byteCount, src.byteSize());
    long n = accessible(addr, byteCount);
    if (n != 0) {
      MemorySegment.copy(src, srcOffset, bytes, addr, n);
    }
    return n;
  }

  @Override
  public long copyIn(long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(dstOffset, byteCount, dst.byteSize());
    long n = accessible(addr, byteCount);
    if (n != 0) {
      MemorySegment.copy(bytes, addr, dst, dstOffset, n);
    }
    return n;
  }

  @Override
  public long zeroOut(long addr, long byteCount, IOOpts opts) {
    long n = accessible(addr, byteCount);
    if (n != 0) {
      bytes.asSlice(addr, n).fill((byte) 0);
    }
    return n;
  }

  /** How many of the bytes are there; throws if none of them is, though some are asked for. */
  private long accessible(long addr, long byteCount) {
    if (byteCount == 0) {
      return 0;
    }
    if (byteCount < 0) {
      throw new IndexOutOfBoundsException("byte count " + byteCount + " is negative");
    }
    if (!Addr.lessThan(addr, bytes.byteSize())) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return Math.min(byteCount, bytes.byteSize() - addr);
  }

  @Override
  public long copyOutFrom(AddrRangeSeq dst, BlockReader src, IOOpts opts) {
    if (dst.numBytes() == 0) {
      return 0;
    }
    BlockSeq blocks = BlockSeq.of(bytes, dst.takeFirst(accessible(dst)));
    return blocks.requireMovable(src.readToBlocks(blocks));
  }

  @Override
  public long copyInTo(AddrRangeSeq src, BlockWriter dst, IOOpts opts) {
    if (src.numBytes() == 0) {
      return 0;
    }
    BlockSeq blocks = BlockSeq.of(readOnlyBytes, src.takeFirst(accessible(src)));
    return blocks.requireMovable(dst.writeFromBlocks(blocks));
  }

  /** How many bytes there are before the first fault; throws if there are none. */
  private long accessible(AddrRangeSeq ranges) {
    long there = 0;
    for (int i = 0; i < ranges.rangeCount(); i++) {
      long start = ranges.start(i);
      long byteCount = ranges.byteCount(i);
      long inSegment =
          Addr.lessThan(start, bytes.byteSize())
              ? Math.min(byteCount, bytes.byteSize() - start)
              : 0;
      there += inSegment;
      if (inSegment < byteCount) {
        break;
      }
    }
    if (there == 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return there;
  }

  @Override
  public int loadInt(long addr, IOOpts opts) {
    return (int) INT.getVolatile(bytes, word(addr, Integer.BYTES));
  }

  @Override
  public void storeInt(long addr, int value, IOOpts opts) {
    INT.setVolatile(bytes, word(addr, Integer.BYTES), value);
  }

  @Override
  public int swapInt(long addr, int value, IOOpts opts) {
    return (int) INT.getAndSet(bytes, word(addr, Integer.BYTES), value);
  }

  @Override
  public int compareAndExchangeInt(long addr, int expected, int value, IOOpts opts) {
    return (int) INT.compareAndExchange(bytes, word(addr, Integer.BYTES), expected, value);
  }

  @Override
  public int fetchAndApplyInt(long addr, AtomicOp op, int operand, IOOpts opts) {
    long offset = word(addr, Integer.BYTES);
    return switch (op) {
      case ADD -> (int) INT.getAndAdd(bytes, offset, operand);
      case AND -> (int) INT.getAndBitwiseAnd(bytes, offset, operand);
      case OR -> (int) INT.getAndBitwiseOr(bytes, offset, operand);
      case XOR -> (int) INT.getAndBitwiseXor(bytes, offset, operand);
    };
  }

  @Override
  public long loadLong(long addr, IOOpts opts) {
    return (long) LONG.getVolatile(bytes, word(addr, Long.BYTES));
  }

  @Override
  public void storeLong(long addr, long value, IOOpts opts) {
    LONG.setVolatile(bytes, word(addr, Long.BYTES), value);
  }

  @Override
  public long swapLong(long addr, long value, IOOpts opts) {
    return (long) LONG.getAndSet(bytes, word(addr, Long.BYTES), value);
  }

  @Override
  public long compareAndExchangeLong(long addr, long expected, long value, IOOpts opts) {
    return (long) LONG.compareAndExchange(bytes, word(addr, Long.BYTES), expected, value);
  }

  @Override
  public long fetchAndApplyLong(long addr, AtomicOp op, long operand, IOOpts opts) {
    long offset = word(addr, Long.BYTES);
    return switch (op) {
      case ADD -> (long) LONG.getAndAdd(bytes, offset, operand);
      case AND -> (long) LONG.getAndBitwiseAnd(bytes, offset, operand);
      case OR -> (long) LONG.getAndBitwiseOr(bytes, offset, operand);
      case XOR -> (long) LONG.getAndBitwiseXor(bytes, offset, operand);
    };
  }

  private long word(long addr, int width) {
    if (!Addr.isAligned(addr, width)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (!Addr.lessThan(addr, bytes.byteSize()) || bytes.byteSize() - addr < width) {
      throw LinuxException.of(Errno.EFAULT);
    }
    if (bytes.maxByteAlignment() < width) {
      throw new UnsupportedOperationException(
          "words of "
              + width
              + " bytes need a segment aligned to that, this one is to "
              + bytes.maxByteAlignment()
              + "; BytesIO.allocate gives one");
    }
    return addr;
  }
}
