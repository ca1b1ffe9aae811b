package org.usermem.benchmarks.mm;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.usermem.addr.AccessType;
import org.usermem.mm.MemoryManager;

/** Forks of 10,000 touched pages. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ForkBenchmark {

  private static final int PAGES = 10_000;

  /** How many areas they are in. */
  @Param({"1", "10000"})
  public int areas;

  private final Program program = new Program();
  private @Nullable MemoryManager child;

  /** Maps and touches. */
  @Setup
  public void setUp() {
    long addr = program.mapTouched(PAGES * Program.PAGE);
    if (areas > 1) {
      for (int i = 0; i < PAGES; i += 2) {
        program.memory.mprotect(addr + i * Program.PAGE, Program.PAGE, AccessType.READ, false);
      }
    }
  }

  /** Ends the child. */
  @TearDown(Level.Invocation)
  public void endChild() {
    if (child != null) {
      child.decUsers();
    }
  }

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    program.close();
  }

  /** Forks. */
  @Benchmark
  public void fork() {
    child = program.memory.fork();
  }
}
