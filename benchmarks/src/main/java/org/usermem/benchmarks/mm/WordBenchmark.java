package org.usermem.benchmarks.mm;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.usermem.io.IOOpts;

/** Words and strings. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WordBenchmark {

  private final Program program = new Program();
  private long addr;
  private long string;

  /** Maps and touches. */
  @Setup
  public void setUp() {
    addr = program.mapTouched(1 << 20);
    string = addr + 512;
    program.memory.copyOutFully(string, new byte[33], IOOpts.DEFAULT);
    for (int i = 0; i < 32; i++) {
      program.memory.copyOutFully(string + i, new byte[] {'x'}, IOOpts.DEFAULT);
    }
  }

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    program.close();
  }

  /** A load of 32 bits. */
  @Benchmark
  public int load() {
    return program.memory.loadInt(addr, IOOpts.DEFAULT);
  }

  /** A compare-and-exchange of 32 bits. */
  @Benchmark
  public int compareAndExchange() {
    return program.memory.compareAndExchangeInt(addr, 0, 0, IOOpts.DEFAULT);
  }

  /** A string of 32 bytes. */
  @Benchmark
  public String string() {
    return program.memory.copyStringIn(string, 4096, IOOpts.DEFAULT);
  }
}
