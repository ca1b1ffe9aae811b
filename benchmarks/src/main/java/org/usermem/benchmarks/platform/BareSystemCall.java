package org.usermem.benchmarks.platform;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

/** A system call of the JVM's own to the host: what those of guests are compared with. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BareSystemCall {

  private final HostCalls host = HostCalls.current();

  /** getppid(2), by the cheapest kind of downcall. */
  @Benchmark
  public long getppid() {
    return host.quick(SystemCall.GETPPID, 0, 0, 0);
  }
}
