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
import org.usermem.addr.AccessType;
import org.usermem.mm.RemapOptions;

/** Calls that change mappings. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MappingBenchmark {

  private static final long MOVED = 16 * Program.PAGE;

  private final Program program = new Program();
  private long addr;
  private long here;
  private long there;
  private boolean flipped;

  /** Maps and touches. */
  @Setup
  public void setUp() {
    addr = program.mapTouched(64 * Program.PAGE);
    here = program.mapTouched(MOVED);
    there = here - (1L << 30);
  }

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    program.close();
  }

  /** Maps a page and unmaps it. */
  @Benchmark
  public void mapAndUnmap() {
    program.memory.munmap(program.map(Program.PAGE), Program.PAGE);
  }

  /** Takes write away from a page in the middle, or gives it back. */
  @Benchmark
  public void protectFlip() {
    flipped = !flipped;
    program.memory.mprotect(
        addr + 16 * Program.PAGE,
        Program.PAGE,
        flipped ? AccessType.READ : AccessType.READ_WRITE,
        false);
  }

  /** Moves 16 touched pages. */
  @Benchmark
  public void remap() {
    program.memory.mremap(here, MOVED, MOVED, RemapOptions.to(there));
    long from = here;
    here = there;
    there = from;
  }
}
