package org.usermem.benchmarks.api;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockWriter;
import org.usermem.io.BytesIO;
import org.usermem.io.IOOpts;
import org.usermem.io.IOSequences;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * Sequences of eight ranges over a {@link BytesIO} beside plain copies of as many bytes; {@code
 * -prof gc} shows no allocation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IOSequenceBenchmark {

  private static final int RANGES = 8;

  /** The number of bytes in a range. */
  @Param({"512", "8192"})
  int rangeBytes;

  private final BytesIO io = BytesIO.of(Arena.ofAuto().allocate(1 << 20, 4096));
  // Not at the same place in its page, or the processor takes stores for loads of the other side.
  private final MemorySegment buffer =
      Arena.ofAuto().allocate((1 << 16) + 2048, 4096).asSlice(2048);
  private final BlockReader reader = dst -> dst.copyFrom(buffer);
  private final BlockWriter writer = src -> src.copyTo(buffer);
  private Source source = IOSequences.source(io, 0, 0, IOOpts.DEFAULT);
  private Sink sink = IOSequences.sink(io, 0, 0, IOOpts.DEFAULT);

  /** Makes the sequences, with a gap after each range. */
  @Setup
  public void setUp() {
    io.bytes().fill((byte) 1);
    buffer.fill((byte) 2);
    long[] pairs = new long[2 * RANGES];
    for (int i = 0; i < RANGES; i++) {
      pairs[2 * i] = 2L * i * rangeBytes;
      pairs[2 * i + 1] = rangeBytes;
    }
    AddrRangeSeq ranges = AddrRangeSeq.ofPairs(pairs, RANGES);
    source = IOSequences.source(io, ranges, IOOpts.DEFAULT);
    sink = IOSequences.sink(io, ranges, IOOpts.DEFAULT);
  }

  /** What copies in are measured by: the same bytes, copied by hand. */
  @Benchmark
  public void plainCopiesIn() {
    for (int i = 0; i < RANGES; i++) {
      MemorySegment.copy(
          io.bytes(), 2L * i * rangeBytes, buffer, (long) i * rangeBytes, rangeBytes);
    }
  }

  /** What copies out are measured by: the same bytes, copied by hand. */
  @Benchmark
  public void plainCopiesOut() {
    for (int i = 0; i < RANGES; i++) {
      MemorySegment.copy(
          buffer, (long) i * rangeBytes, io.bytes(), 2L * i * rangeBytes, rangeBytes);
    }
  }

  /** What zeroing is measured by. */
  @Benchmark
  public void plainFills() {
    for (int i = 0; i < RANGES; i++) {
      io.bytes().asSlice(2L * i * rangeBytes, rangeBytes).fill((byte) 0);
    }
  }

  /** As many bytes in one copy. */
  @Benchmark
  public void plainCopyInOne() {
    MemorySegment.copy(buffer, 0, io.bytes(), 0, (long) RANGES * rangeBytes);
  }

  /** Bytes to a buffer. */
  @Benchmark
  public long copyIn() {
    return source.copyIn(buffer);
  }

  /** Bytes of a buffer. */
  @Benchmark
  public long copyOut() {
    return sink.copyOut(buffer);
  }

  /** Blocks to a writer that copies them. */
  @Benchmark
  public long copyInTo() {
    return source.copyInTo(writer);
  }

  /** Blocks to a reader that fills them. */
  @Benchmark
  public long copyOutFrom() {
    return sink.copyOutFrom(reader);
  }

  /** A drop that ends within the first range. */
  @Benchmark
  public long dropFirst() {
    return source.dropFirst(100).numBytes();
  }

  /** Zeroes. */
  @Benchmark
  public long zeroOut() {
    return sink.zeroOut(Long.MAX_VALUE);
  }
}
