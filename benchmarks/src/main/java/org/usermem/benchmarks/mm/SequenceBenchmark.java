package org.usermem.benchmarks.mm;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockWriter;
import org.usermem.io.IOOpts;
import org.usermem.io.IOSequences;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** Eight ranges of 512 bytes on pages of their own, as readv(2) and writev(2) have them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SequenceBenchmark {

  private static final int RANGES = 8;
  private static final int BYTES = 512;

  private final Program program = new Program();
  private static final int TOTAL = RANGES * BYTES;

  private final MemorySegment buffer = Program.buffer(TOTAL);
  private final BlockReader reader = blocks -> blocks.copyFrom(buffer);
  private final BlockWriter writer = blocks -> blocks.copyTo(buffer);
  private Sink sink = Sink.of(buffer);
  private Source source = Source.of(buffer);

  /** Maps and touches. */
  @Setup
  public void setUp() {
    long addr = program.mapTouched(1 << 20);
    long[] pairs = new long[2 * RANGES];
    for (int i = 0; i < RANGES; i++) {
      pairs[2 * i] = addr + i * (2 * Program.PAGE);
      pairs[2 * i + 1] = BYTES;
    }
    AddrRangeSeq ranges = AddrRangeSeq.ofPairs(pairs, RANGES);
    sink = IOSequences.sink(program.memory, ranges, IOOpts.DEFAULT);
    source = IOSequences.source(program.memory, ranges, IOOpts.DEFAULT);
  }

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    program.close();
  }

  /** Plain copies to the program. */
  @Benchmark
  public long copyOut() {
    return sink.copyOut(buffer);
  }

  /** Plain copies from the program. */
  @Benchmark
  public long copyIn() {
    return source.copyIn(buffer);
  }

  /** A reader fills the program's pages. */
  @Benchmark
  public long copyOutFrom() {
    return sink.copyOutFrom(reader);
  }

  /** A writer takes the program's pages. */
  @Benchmark
  public long copyInTo() {
    return source.copyInTo(writer);
  }
}
