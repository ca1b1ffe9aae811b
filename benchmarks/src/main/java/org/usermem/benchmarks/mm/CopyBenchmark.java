package org.usermem.benchmarks.mm;

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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.usermem.io.IOOpts;
import org.usermem.memmap.MemoryKind;

/** Copies of resident bytes, hot. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CopyBenchmark {

  private static final long REGION = 4 << 20;

  /** Bytes a copy. */
  @Param({"8", "64", "512", "4096", "65536", "1048576"})
  public int bytes;

  private final Program program = new Program();
  private MemorySegment buffer = MemorySegment.NULL;
  private MemorySegment plain = MemorySegment.NULL;
  private long addr;

  /** Maps and touches. */
  @Setup
  public void setUp() {
    addr = program.mapTouched(REGION) + 64;
    buffer = Program.buffer(bytes);
    plain = program.file.segment(program.file.allocate(REGION, MemoryKind.SYSTEM));
    plain.fill((byte) 2);
  }

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    program.close();
  }

  /** What the processor can do. */
  @Benchmark
  public void plainCopy() {
    MemorySegment.copy(plain, 64, buffer, 0, bytes);
  }

  /** From the program. */
  @Benchmark
  public long copyIn() {
    return program.memory.copyIn(addr, buffer, IOOpts.DEFAULT);
  }

  /** To the program. */
  @Benchmark
  public long copyOut() {
    return program.memory.copyOut(addr, buffer, IOOpts.DEFAULT);
  }

  /** From the program, by two threads, each from a program of its own. */
  @Benchmark
  @Threads(2)
  public long copyInByTwo() {
    return program.memory.copyIn(addr, buffer, IOOpts.DEFAULT);
  }
}
