package org.usermem.benchmarks.fs;

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
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
import org.usermem.io.IOOpts;
import org.usermem.io.IOSequences;
import org.usermem.memmap.MemoryKind;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * Reads and writes between a file in memory and a program, against plain copies over as much
 * memory: along a file that no cache holds, and of one place again and again.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TmpfsBenchmark {

  private static final int FILE_BYTES = 64 << 20;

  /** Bytes a call. */
  @Param({"4096", "1048576"})
  public int bytes;

  private final Mounted mounted =
      new Mounted(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
  private final FileDescription file =
      mounted.open("/file", OpenFlags.CREATE | OpenFlags.READ_WRITE);
  private final MemorySegment plain =
      mounted.program.file.segment(mounted.program.file.allocate(FILE_BYTES, MemoryKind.SYSTEM));
  private final MemorySegment buffer =
      mounted.program.file.segment(mounted.program.file.allocate(1 << 20, MemoryKind.SYSTEM));
  private final long addr = mounted.program.mapTouched(1 << 20);
  private final Source largest =
      IOSequences.source(mounted.program.memory, addr, 1 << 20, IOOpts.DEFAULT);
  private Source source = largest;
  private Sink sink = Sink.of(buffer);
  private long offset;

  /** Fills the file and the memory that is compared with it. */
  @Setup
  public void setUp() {
    for (long at = 0; at < FILE_BYTES; at += 1 << 20) {
      file.writeAt(largest, at, TransferOptions.DEFAULT);
    }
    source = IOSequences.source(mounted.program.memory, addr, bytes, IOOpts.DEFAULT);
    sink = IOSequences.sink(mounted.program.memory, addr, bytes, IOOpts.DEFAULT);
    plain.fill((byte) 1);
    buffer.fill((byte) 2);
  }

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    file.decRef();
    mounted.close();
  }

  private long next() {
    long at = offset;
    offset = at + bytes & FILE_BYTES - 1;
    return at;
  }

  /** What the processor can do, reading along. */
  @Benchmark
  public void plainAlong() {
    MemorySegment.copy(plain, next(), buffer, 0, bytes);
  }

  /** What the processor can do, writing along. */
  @Benchmark
  public void plainAlongWriting() {
    MemorySegment.copy(buffer, 0, plain, next(), bytes);
  }

  /** What the program's memory costs without a file, reading along. */
  @Benchmark
  public long copyOutAlong() {
    return sink.copyOut(plain, next(), bytes);
  }

  /** What the program's memory costs without a file, writing along. */
  @Benchmark
  public long copyInAlong() {
    return source.copyIn(plain, next(), bytes);
  }

  /** Reads along the file. */
  @Benchmark
  public long readAlong() {
    return file.readAt(sink, next(), TransferOptions.DEFAULT);
  }

  /** Writes along the file. */
  @Benchmark
  public long writeAlong() {
    return file.writeAt(source, next(), TransferOptions.DEFAULT);
  }

  /** What the processor can do with what its nearest caches hold. */
  @Benchmark
  public void plainAgain() {
    MemorySegment.copy(plain, 0, buffer, 0, bytes);
  }

  /** What the program's memory costs without a file, from the nearest caches. */
  @Benchmark
  public long copyOutAgain() {
    return sink.copyOut(plain, 0, bytes);
  }

  /** What the program's memory costs without a file, into the nearest caches. */
  @Benchmark
  public long copyInAgain() {
    return source.copyIn(plain, 0, bytes);
  }

  /** Reads the same bytes. */
  @Benchmark
  public long readAgain() {
    return file.readAt(sink, 0, TransferOptions.DEFAULT);
  }

  /** Writes the same bytes. */
  @Benchmark
  public long writeAgain() {
    return file.writeAt(source, 0, TransferOptions.DEFAULT);
  }
}
