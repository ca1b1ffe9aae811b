package org.usermem.io;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockWriter;

/** An {@link IO} that does what another does, but for what a test overrides. */
class ForwardingIO implements IO {

  private final IO io;

  ForwardingIO(IO io) {
    this.io = io;
  }

  @Override
  public long copyOut(long addr, MemorySegment src, long srcOffset, long byteCount, IOOpts opts) {
    return io.copyOut(addr, src, srcOffset, byteCount, opts);
  }

  @Override
  public long copyIn(long addr, MemorySegment dst, long dstOffset, long byteCount, IOOpts opts) {
    return io.copyIn(addr, dst, dstOffset, byteCount, opts);
  }

  @Override
  public long zeroOut(long addr, long byteCount, IOOpts opts) {
    return io.zeroOut(addr, byteCount, opts);
  }

  @Override
  public long copyOutFrom(AddrRangeSeq dst, BlockReader src, IOOpts opts) {
    return io.copyOutFrom(dst, src, opts);
  }

  @Override
  public long copyInTo(AddrRangeSeq src, BlockWriter dst, IOOpts opts) {
    return io.copyInTo(src, dst, opts);
  }

  @Override
  public int loadInt(long addr, IOOpts opts) {
    return io.loadInt(addr, opts);
  }

  @Override
  public void storeInt(long addr, int value, IOOpts opts) {
    io.storeInt(addr, value, opts);
  }

  @Override
  public int swapInt(long addr, int value, IOOpts opts) {
    return io.swapInt(addr, value, opts);
  }

  @Override
  public int compareAndExchangeInt(long addr, int expected, int value, IOOpts opts) {
    return io.compareAndExchangeInt(addr, expected, value, opts);
  }

  @Override
  public int fetchAndApplyInt(long addr, AtomicOp op, int operand, IOOpts opts) {
    return io.fetchAndApplyInt(addr, op, operand, opts);
  }

  @Override
  public long loadLong(long addr, IOOpts opts) {
    return io.loadLong(addr, opts);
  }

  @Override
  public void storeLong(long addr, long value, IOOpts opts) {
    io.storeLong(addr, value, opts);
  }

  @Override
  public long swapLong(long addr, long value, IOOpts opts) {
    return io.swapLong(addr, value, opts);
  }

  @Override
  public long compareAndExchangeLong(long addr, long expected, long value, IOOpts opts) {
    return io.compareAndExchangeLong(addr, expected, value, opts);
  }

  @Override
  public long fetchAndApplyLong(long addr, AtomicOp op, long operand, IOOpts opts) {
    return io.fetchAndApplyLong(addr, op, operand, opts);
  }
}
