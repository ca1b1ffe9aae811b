package org.usermem.io;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.memmap.Generation;
import org.usermem.sequence.Sink;

/** The sink over an address space. It is a class and no record: it tells nobody its IO. */
final class AddressSink implements Sink {

  private final IO io;
  private final AddrRangeSeq ranges;
  private final IOOpts opts;

  AddressSink(IO io, AddrRangeSeq ranges, IOOpts opts) {
    this.io = io;
    this.ranges = ranges;
    this.opts = opts;
  }

  @Override
  public long numBytes() {
    return ranges.numBytes();
  }

  @Override
  public Sink dropFirst(long byteCount) {
    return new AddressSink(io, ranges.dropFirst(byteCount), opts);
  }

  @Override
  public Sink takeFirst(long byteCount) {
    return new AddressSink(io, ranges.takeFirst(byteCount), opts);
  }

  @Override
  public long copyOut(MemorySegment src, long srcOffset, long byteCount) {
    return io.copyOut(ranges, src, srcOffset, byteCount, opts);
  }

  @Override
  public long copyOutWhile(
      MemorySegment src, long srcOffset, long byteCount, Generation generation, long seen) {
    return io.copyOutWhile(ranges, src, srcOffset, byteCount, opts, generation, seen);
  }

  @Override
  public long zeroOut(long byteCount) {
    return io.zeroOut(ranges, byteCount, opts);
  }

  @Override
  public long copyOutFrom(BlockReader src) {
    return io.copyOutFrom(ranges, src, opts);
  }

  @Override
  public String toString() {
    return "sink over " + ranges;
  }
}
