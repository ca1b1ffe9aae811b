package org.usermem.io;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockWriter;
import org.usermem.sequence.Source;

/** The source of bytes in an address space. It is a class and no record: it tells nobody its IO. */
final class AddressSource implements Source {

  private final IO io;
  private final AddrRangeSeq ranges;
  private final IOOpts opts;

  AddressSource(IO io, AddrRangeSeq ranges, IOOpts opts) {
    this.io = io;
    this.ranges = ranges;
    this.opts = opts;
  }

  @Override
  public long numBytes() {
    return ranges.numBytes();
  }

  @Override
  public Source dropFirst(long byteCount) {
    return new AddressSource(io, ranges.dropFirst(byteCount), opts);
  }

  @Override
  public Source takeFirst(long byteCount) {
    return new AddressSource(io, ranges.takeFirst(byteCount), opts);
  }

  @Override
  public long copyIn(MemorySegment dst, long dstOffset, long byteCount) {
    return io.copyIn(ranges, dst, dstOffset, byteCount, opts);
  }

  @Override
  public long copyInTo(BlockWriter dst) {
    return io.copyInTo(ranges, dst, opts);
  }

  @Override
  public String toString() {
    return "source of " + ranges;
  }
}
