package org.usermem.benchmarks.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.hostfs.HostFileSystem;
import org.usermem.fs.hostfs.HostOptions;
import org.usermem.io.IOOpts;
import org.usermem.io.IOSequences;
import org.usermem.sequence.Sink;

/** Reads of a MiB that the host has in its cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HostFileBenchmark {

  private static final int BYTES = 1 << 20;

  private final Path directory;
  private final FileChannel channel;
  private final ByteBuffer direct = ByteBuffer.allocateDirect(BYTES);
  private final Mounted mounted;
  private final FileDescription file;
  private final Sink sink;

  /** Makes the file. */
  public HostFileBenchmark() {
    try {
      directory = Files.createTempDirectory("usermem");
      Path path = Files.write(directory.resolve("file"), new byte[BYTES]);
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mounted = new Mounted(context -> new HostFileSystem(context, HostOptions.shared(directory)));
    file = mounted.open("/file", OpenFlags.READ_ONLY);
    sink =
        IOSequences.sink(
            mounted.program.memory, mounted.program.mapTouched(BYTES), BYTES, IOOpts.DEFAULT);
  }

  /**
   * Removes the file.
   *
   * @throws IOException what the host says
   */
  @TearDown
  public void tearDown() throws IOException {
    file.decRef();
    mounted.close();
    channel.close();
    Files.delete(directory.resolve("file"));
    Files.delete(directory);
  }

  /**
   * What Java can do.
   *
   * @throws IOException what the host says
   */
  @Benchmark
  public int channel() throws IOException {
    direct.clear();
    return channel.read(direct, 0);
  }

  /** Reads into the program. */
  @Benchmark
  public long read() {
    return file.readAt(sink, 0, TransferOptions.DEFAULT);
  }
}
