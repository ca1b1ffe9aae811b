package org.usermem.benchmarks.mm;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.usermem.io.IOOpts;
import org.usermem.mm.MemoryManager;

/** What it costs to get a page, page after page. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FaultBenchmark {

  private static final int PAGES = 16384;
  private static final int SHARED_PAGES = 10_000;

  /** Memory that nobody has touched, in a memory file that keeps nothing back. */
  @State(Scope.Thread)
  public static class Fresh {
    private final MemorySegment one = Program.buffer(1);
    private Program program = new Program();
    private long addr;

    /** Maps. */
    @Setup(Level.Invocation)
    public void setUp() {
      program.close();
      program = new Program();
      addr = program.map(PAGES * Program.PAGE);
    }

    /** Gives the memory back. */
    @TearDown
    public void tearDown() {
      program.close();
    }
  }

  /** Memory that a child shares with its parent. */
  @State(Scope.Thread)
  public static class Forked {
    private final MemorySegment one = Program.buffer(1);
    private final Program program = new Program();
    private final long addr = program.mapTouched(SHARED_PAGES * Program.PAGE);
    private MemoryManager child = program.memory.fork();

    /** Forks. */
    @Setup(Level.Invocation)
    public void setUp() {
      child.decUsers();
      child = program.memory.fork();
    }

    /** Gives the memory back. */
    @TearDown
    public void tearDown() {
      child.decUsers();
      program.close();
    }
  }

  /** Writes a byte to each fresh page. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public void firstTouch(Fresh fresh) {
    MemoryManager memory = fresh.program.memory;
    for (int i = 0; i < PAGES; i++) {
      memory.copyOut(fresh.addr + i * Program.PAGE, fresh.one, IOOpts.DEFAULT);
    }
  }

  /** Writes a byte to each page that is copy-on-write. */
  @Benchmark
  @OperationsPerInvocation(SHARED_PAGES)
  public void copyOnWriteBreak(Forked forked) {
    MemoryManager memory = forked.child;
    for (int i = 0; i < SHARED_PAGES; i++) {
      memory.copyOut(forked.addr + i * Program.PAGE, forked.one, IOOpts.DEFAULT);
    }
  }
}
