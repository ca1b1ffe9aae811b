package org.usermem.benchmarks.mm;

import java.lang.foreign.MemorySegment;
import java.util.Random;
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
import org.usermem.io.IOOpts;

/** Copies of 64 bytes from page to page in random order. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ScatteredCopyBenchmark {

  private static final int PAGES = 16384;
  private static final int AREAS = 10_000;

  private final Program program = new Program();
  private final MemorySegment buffer = Program.buffer(64);
  private final int[] order = new Random(1).ints(PAGES, 0, PAGES).toArray();
  private long oneArea;
  private long manyAreas;
  private int next;

  /** Maps and touches. */
  @Setup
  public void setUp() {
    oneArea = program.mapTouched(PAGES * Program.PAGE);
    manyAreas = program.mapTouched(AREAS * Program.PAGE);
    for (int i = 0; i < AREAS; i += 2) {
      program.memory.mprotect(manyAreas + i * Program.PAGE, Program.PAGE, AccessType.READ, false);
    }
  }

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    program.close();
  }

  private int page() {
    next = (next + 1) & (PAGES - 1);
    return order[next];
  }

  /** In 64 MiB. */
  @Benchmark
  public long inOneArea() {
    return program.memory.copyIn(oneArea + page() * Program.PAGE, buffer, IOOpts.DEFAULT);
  }

  /** In 10,000 areas of a page. */
  @Benchmark
  public long amongManyAreas() {
    return program.memory.copyIn(
        manyAreas + (page() % AREAS) * Program.PAGE, buffer, IOOpts.DEFAULT);
  }
}
