package org.usermem.io;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Objects;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/** An {@link IO} over an array in which any byte can be made to fault. */
final class FaultingIO implements IO {

  final byte[] bytes;
  private final BitSet faults = new BitSet();
  private final BytesIO memory;

  FaultingIO(byte[] bytes) {
    this.bytes = bytes;
    this.memory = BytesIO.of(bytes);
  }

  /** Makes a byte fault, and no other. */
  FaultingIO faultAt(int addr) {
    faults.clear();
    faults.set(addr);
    return this;
  }

  /** Makes one more range of bytes fault. */
  FaultingIO unmap(int start, int end) {
    faults.set(start, end);
    return this;
  }

  boolean isAccessible(long addr) {
    return addr >= 0 && addr < bytes.length && !faults.get((int) addr);
  }

  private long accessible(long addr, long byteCount) {
    long n = 0;
    while (n < byteCount && isAccessible(addr + n)) {
      n++;
    }
    if (n == 0 && byteCount != 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return n;
  }

  private AddrRangeSeq accessible(AddrRangeSeq ranges) {
    long n = 0;
    for (int i = 0; i < ranges.rangeCount(); i++) {
      long k = 0;
      while (k < ranges.byteCount(i) && isAccessible(ranges.start(i) + k)) {
        k++;
      }
      n += k;
      if (k < ranges.byteCount(i)) {
        break;
      }
    }
    if (n == 0 && ranges.numBytes() != 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return ranges.takeFirst(n);
  }

  @Override
  public long copyOut(long addr, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(srcOffset, byteCount, src.byteSize());
    return memory.copyOut(addr, src, srcOffset, accessible(addr, byteCount), opts);
  }

  @Override
  public long copyIn(long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    Objects.checkFromIndexSize(dstOffset, byteCount, dst.byteSize());
    return memory.copyIn(addr, dst, dstOffset, accessible(addr, byteCount), opts);
  }

  @Override
  public long zeroOut(long addr, long byteCount, IOOpts opts) {
    return memory.zeroOut(addr, accessible(addr, byteCount), opts);
  }

  @Override
  public long copyOutFrom(AddrRangeSeq dst, BlockReader src, IOOpts opts) {
    return memory.copyOutFrom(accessible(dst), src, opts);
  }

  @Override
  public long copyInTo(AddrRangeSeq src, BlockWriter dst, IOOpts opts) {
    return memory.copyInTo(accessible(src), dst, opts);
  }

  private long word(long addr, int width) {
    if (accessible(addr, width) < width) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return addr;
  }

  @Override
  public int loadInt(long addr, IOOpts opts) {
    return memory.loadInt(word(addr, Integer.BYTES), opts);
  }

  @Override
  public void storeInt(long addr, int value, IOOpts opts) {
    memory.storeInt(word(addr, Integer.BYTES), value, opts);
  }

  @Override
  public int swapInt(long addr, int value, IOOpts opts) {
    return memory.swapInt(word(addr, Integer.BYTES), value, opts);
  }

  @Override
  public int compareAndExchangeInt(long addr, int expected, int value, IOOpts opts) {
    return memory.compareAndExchangeInt(word(addr, Integer.BYTES), expected, value, opts);
  }

  @Override
  public int fetchAndApplyInt(long addr, AtomicOp op, int operand, IOOpts opts) {
    return memory.fetchAndApplyInt(word(addr, Integer.BYTES), op, operand, opts);
  }

  @Override
  public long loadLong(long addr, IOOpts opts) {
    return memory.loadLong(word(addr, Long.BYTES), opts);
  }

  @Override
  public void storeLong(long addr, long value, IOOpts opts) {
    memory.storeLong(word(addr, Long.BYTES), value, opts);
  }

  @Override
  public long swapLong(long addr, long value, IOOpts opts) {
    return memory.swapLong(word(addr, Long.BYTES), value, opts);
  }

  @Override
  public long compareAndExchangeLong(long addr, long expected, long value, IOOpts opts) {
    return memory.compareAndExchangeLong(word(addr, Long.BYTES), expected, value, opts);
  }

  @Override
  public long fetchAndApplyLong(long addr, AtomicOp op, long operand, IOOpts opts) {
    return memory.fetchAndApplyLong(word(addr, Long.BYTES), op, operand, opts);
  }
}
