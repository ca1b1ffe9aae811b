package org.usermem.benchmarks.mm;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.usermem.io.IOOpts;

/** Copies of 64 bytes by several threads out of one address space. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SharedCopyBenchmark {

  private final Program program = new Program();
  private final long addr = program.mapTouched(4 << 20) + 64;

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    program.close();
  }

  /** Where a thread copies to. */
  @State(Scope.Thread)
  public static class Target {
    private final MemorySegment buffer = Program.buffer(64);
  }

  /** One thread. */
  @Benchmark
  public long one(Target target) {
    return program.memory.copyIn(addr, target.buffer, IOOpts.DEFAULT);
  }

  /** Two threads. */
  @Benchmark
  @Threads(2)
  public long two(Target target) {
    return program.memory.copyIn(addr, target.buffer, IOOpts.DEFAULT);
  }
}
