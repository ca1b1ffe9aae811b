package org.usermem.benchmarks.kernel;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.usermem.addr.AccessType;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.kernel.futex.FutexKey;
import org.usermem.kernel.futex.FutexTable;
import org.usermem.kernel.futex.FutexWaiter;
import org.usermem.memmap.MapOptions;
import org.usermem.mm.AddressSpaceLayout;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.inprocess.InProcessPlatform;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

/** Futex calls that find nobody to wake and nothing to wait for: what a contended lock makes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FutexBenchmark {

  private final HostMemoryFile file =
      HostMemoryFile.create(MemoryFileOptions.withLimit(64 << 20).reserving(1L << 30));
  private final InProcessPlatform platform = new InProcessPlatform();
  private final MemoryManager memory =
      MemoryManager.create(file, platform, AddressSpaceLayout.standard());
  private final FutexTable table = new FutexTable();
  private final FutexWaiter waiter = new FutexWaiter(1, () -> {});
  private final long addr =
      memory.mmap(
          MapOptions.builder(64 << 10)
              .access(AccessType.READ_WRITE)
              .maxAccess(AccessType.ANY)
              .isPrivate(true)
              .build());

  /** Makes the page of the word resident. */
  public FutexBenchmark() {
    memory.storeInt(addr, 1, IOOpts.DEFAULT);
  }

  /** Gives the memory back. */
  @TearDown
  public void tearDown() {
    memory.decUsers();
    platform.close();
    file.close();
  }

  /** FUTEX_WAKE without a sleeper. */
  @Benchmark
  public int wake() {
    return table.wake(new FutexKey(memory, addr), FutexTable.MATCH_ANY, 1);
  }

  /** FUTEX_WAIT on a word that has changed. */
  @Benchmark
  public boolean await() {
    try {
      table.enqueue(waiter, waiter.keyOf(memory, addr), memory, addr, 0, FutexTable.MATCH_ANY);
      return true;
    } catch (LinuxException e) {
      return false;
    }
  }

  /** A sleeper that queues and gives up again. */
  @Benchmark
  public boolean queueAndLeave() {
    table.enqueue(waiter, waiter.keyOf(memory, addr), memory, addr, 1, FutexTable.MATCH_ANY);
    return table.dequeue(waiter);
  }

  /** Both halves of a hand-over, by one thread. */
  @Benchmark
  public int queueAndWake() {
    FutexKey key = waiter.keyOf(memory, addr);
    table.enqueue(waiter, key, memory, addr, 1, FutexTable.MATCH_ANY);
    return table.wake(key, FutexTable.MATCH_ANY, 1);
  }
}
