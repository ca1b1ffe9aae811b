package org.usermem.benchmarks.mm.stress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.usermem.addr.AccessType;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;

/** Once mprotect has taken write away, nothing changes any more. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The write was refused.")
@Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "The write came before.")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "A write after mprotect.")
@State
public class ProtectAgainstCopy {

  private final long addr = SharedProgram.mapFilled((byte) 1);

  /** Writes. */
  @Actor
  public void copier() {
    try {
      SharedProgram.MEMORY.copyOut(addr, MemorySegment.ofArray(new byte[] {3}), IOOpts.DEFAULT);
    } catch (LinuxException e) {
      // Too late.
    }
  }

  /** Protects, and looks twice. */
  @Actor
  public void protector(II_Result result) {
    SharedProgram.MEMORY.mprotect(addr, SharedProgram.PAGE, AccessType.READ, false);
    result.r1 = read();
    result.r2 = read();
    SharedProgram.MEMORY.mprotect(addr, SharedProgram.PAGE, AccessType.READ_WRITE, false);
  }

  private int read() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[1]);
    SharedProgram.MEMORY.copyIn(addr, bytes, IOOpts.DEFAULT);
    return bytes.get(ValueLayout.JAVA_BYTE, 0);
  }

  /** Gives everything back. */
  @Arbiter
  public void end(II_Result result) {
    SharedProgram.MEMORY.munmap(addr, SharedProgram.PAGE);
  }
}
