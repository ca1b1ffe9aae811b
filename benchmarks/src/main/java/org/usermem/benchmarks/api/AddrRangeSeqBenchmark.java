package org.usermem.benchmarks.api;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.usermem.addr.AddrRangeCursor;
import org.usermem.addr.AddrRangeSeq;

/** Walking over ranges and dropping bytes of them; {@code -prof gc} shows no allocation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AddrRangeSeqBenchmark {

  private static final long RANGE_BYTES = 512;

  /** The number of ranges. */
  @Param({"1", "8", "1024"})
  int rangeCount;

  private AddrRangeSeq ranges = AddrRangeSeq.empty();
  private long half;

  /** Makes the ranges. */
  @Setup
  public void setUp() {
    long[] pairs = new long[2 * rangeCount];
    for (int i = 0; i < rangeCount; i++) {
      pairs[2 * i] = 0x1000L * i;
      pairs[2 * i + 1] = RANGE_BYTES;
    }
    ranges = AddrRangeSeq.ofPairs(pairs, rangeCount);
    half = ranges.numBytes() / 2 + 1;
  }

  /** One look at every range. */
  @Benchmark
  public long walkByIndex() {
    long sum = 0;
    for (int i = 0; i < ranges.rangeCount(); i++) {
      sum += ranges.start(i) ^ ranges.byteCount(i);
    }
    return sum;
  }

  /** Steps that end within ranges. */
  @Benchmark
  public long walkByCursor() {
    long sum = 0;
    for (AddrRangeCursor at = ranges.cursor(); !at.isAtEnd(); ) {
      sum += at.start();
      at.advance(Math.min(300, at.byteCount()));
    }
    return sum;
  }

  /** One drop that ends within a range in the middle. */
  @Benchmark
  public long dropFirst() {
    AddrRangeSeq rest = ranges.dropFirst(half);
    return rest.start(0) ^ rest.numBytes();
  }

  /** One drop and one cut. */
  @Benchmark
  public long dropFirstAndTakeFirst() {
    AddrRangeSeq part = ranges.dropFirst(100).takeFirst(half - 100);
    return part.start(0) ^ part.numBytes();
  }
}
