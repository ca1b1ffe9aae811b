package org.usermem.benchmarks.platform;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
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
import org.usermem.addr.Addr;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryKind;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.Context;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.Platforms;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

/**
 * The ways between a guest and the sentry, in time for one: a system call that does nothing, a page
 * that is mapped, a fault on a page that is mapped then.
 *
 * <p>{@link BareSystemCall} is what the ratios are of.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls start() first
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RoundTripBenchmark {

  private static final long CODE = 0x40_0000;
  private static final long DATA = 0x41_0000;

  // mov eax, 110; syscall; jmp back
  private static final byte[] CALLING = bytes(0xb8, 110, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7);

  // mov eax, [rdi]; jmp back
  private static final byte[] READING = bytes(0x8b, 0x07, 0xeb, 0xfc);

  @Param({"systrap", "ptrace"})
  private String kind;

  private HostMemoryFile file;
  private Platform platform;
  private AddressSpace space;
  private Context context;
  private FileRange pages;
  private final Registers calling = new Registers();
  private final Registers reading = new Registers();

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int index = 0; index < values.length; index++) {
      bytes[index] = (byte) values[index];
    }
    return bytes;
  }

  /** Starts two guest programs in one thread. */
  @Setup(Level.Trial)
  public void start() {
    file = HostMemoryFile.create(MemoryFileOptions.withLimit(1 << 20));
    platform = Platforms.open(PlatformKind.ofLabel(kind).orElseThrow(), file);
    space = platform.newAddressSpace();
    context = space.newContext();
    pages = file.allocate(2 * Addr.PAGE_SIZE, MemoryKind.ANONYMOUS);
    MemorySegment code = file.segment(pages);
    MemorySegment.copy(CALLING, 0, code, ValueLayout.JAVA_BYTE, 0, CALLING.length);
    MemorySegment.copy(READING, 0, code, ValueLayout.JAVA_BYTE, 64, READING.length);
    space.mapFile(CODE, page(0), AccessType.READ_EXECUTE, true);
    calling.setRip(CODE);
    reading.setRip(CODE + 64);
    reading.setRdi(DATA);
  }

  private FileRange page(int index) {
    return FileRange.of(pages.start() + index * Addr.PAGE_SIZE, Addr.PAGE_SIZE);
  }

  /** Ends the guest. */
  @TearDown(Level.Trial)
  public void stop() {
    context.close();
    space.close();
    platform.close();
    file.close();
  }

  /** A system call: to the sentry and back. */
  @Benchmark
  public long systemCall() {
    StopReason reason = context.run(calling);
    if (reason != StopReason.SYSCALL) {
      throw new IllegalStateException("stopped for " + reason);
    }
    calling.setRax(1);
    return calling.origRax();
  }

  /** A page that is mapped in place of itself. */
  @Benchmark
  public void mapPage() {
    space.mapFile(DATA, page(1), AccessType.READ, true);
  }

  /** A page that is taken away and touched: unmap, fault, map. */
  @Benchmark
  public long unmapAndFault() {
    space.unmap(DATA, Addr.PAGE_SIZE);
    StopReason reason = context.run(reading);
    if (reason != StopReason.FAULT) {
      throw new IllegalStateException("stopped for " + reason);
    }
    space.mapFile(DATA, page(1), AccessType.READ, true);
    return context.faultAddress();
  }
}
