package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.usermem.addr.AccessType;
import org.usermem.mm.UnguardedCopies;

/** Once mprotect has taken write away, nothing changes any more. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The write was refused.")
@Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "The write came before.")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "A write after mprotect.")
@State
public class ProtectAgainstCopy {

  private final long addr = SharedProgram.mapFilled(SharedProgram.MEMORY);

  /** Writes. */
  @Actor
  public void copier() {
    SharedProgram.store(SharedProgram.MEMORY, addr, 3);
  }

  /** Protects, and looks twice. */
  @Actor
  public void protector(II_Result result) {
    SharedProgram.MEMORY.mprotect(addr, SharedProgram.PAGE, AccessType.READ, false);
    result.r1 = SharedProgram.load(SharedProgram.MEMORY, addr);
    result.r2 = SharedProgram.loadLater(SharedProgram.MEMORY, addr);
  }

  /** Gives everything back. */
  @Arbiter
  public void end(II_Result result) {
    SharedProgram.MEMORY.munmap(addr, SharedProgram.PAGE);
  }

  /** The copy has no epoch. */
  @JCStressTest
  @Outcome(id = "1, 3", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken {

    private final long addr = SharedProgram.mapFilled(SharedProgram.MEMORY);

    /** Writes. */
    @Actor
    public void copier() {
      UnguardedCopies.store(SharedProgram.MEMORY, addr, 3);
    }

    /** Protects, and looks twice. */
    @Actor
    public void protector(II_Result result) {
      SharedProgram.MEMORY.mprotect(addr, SharedProgram.PAGE, AccessType.READ, false);
      result.r1 = SharedProgram.load(SharedProgram.MEMORY, addr);
      result.r2 = SharedProgram.loadLater(SharedProgram.MEMORY, addr);
    }

    /** Gives everything back. */
    @Arbiter
    public void end(II_Result result) {
      SharedProgram.MEMORY.munmap(addr, SharedProgram.PAGE);
    }
  }
}
