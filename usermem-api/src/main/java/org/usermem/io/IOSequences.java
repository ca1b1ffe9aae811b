package org.usermem.io;

import org.usermem.addr.AddrRangeSeq;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** Makes the sequences that are handed to code below the kernel. */
public final class IOSequences {

  private IOSequences() {}

  /** Returns the source of the bytes in some ranges of an address space. */
  public static Source source(IO io, AddrRangeSeq ranges, IOOpts opts) {
    return new AddressSource(io, ranges, opts);
  }

  /** Returns the source of the bytes in one range of an address space. */
  public static Source source(IO io, long addr, long byteCount, IOOpts opts) {
    return new AddressSource(io, AddrRangeSeq.of(addr, byteCount), opts);
  }

  /** Returns the sink over some ranges of an address space. */
  public static Sink sink(IO io, AddrRangeSeq ranges, IOOpts opts) {
    return new AddressSink(io, ranges, opts);
  }

  /** Returns the sink over one range of an address space. */
  public static Sink sink(IO io, long addr, long byteCount, IOOpts opts) {
    return new AddressSink(io, AddrRangeSeq.of(addr, byteCount), opts);
  }
}
