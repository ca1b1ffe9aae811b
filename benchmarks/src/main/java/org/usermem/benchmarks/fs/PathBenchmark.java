package org.usermem.benchmarks.fs;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.usermem.fs.Location;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
import org.usermem.fs.vfs.LookupFlags;

/** Lookups of a path of five components that were looked up before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PathBenchmark {

  private static final String PATH = "/usr/share/usermem/data/file";

  private final Mounted mounted =
      new Mounted(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));

  /** Makes the directories and the file. */
  public PathBenchmark() {
    for (int slash = PATH.indexOf('/', 1); slash > 0; slash = PATH.indexOf('/', slash + 1)) {
      mounted.vfs.makeDirectory(
          mounted.paths, mounted.paths.workingDirectory(), PATH.substring(0, slash), 0777);
    }
    mounted.open(PATH, OpenFlags.CREATE | OpenFlags.WRITE_ONLY).decRef();
  }

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    mounted.close();
  }

  /** Finds a file. */
  @Benchmark
  public Location resolve() {
    return mounted.vfs.resolve(
        mounted.paths, mounted.paths.workingDirectory(), PATH, LookupFlags.FOLLOW);
  }

  /** Opens and closes a file. */
  @Benchmark
  public void open() {
    mounted.open(PATH, OpenFlags.READ_ONLY).decRef();
  }
}
