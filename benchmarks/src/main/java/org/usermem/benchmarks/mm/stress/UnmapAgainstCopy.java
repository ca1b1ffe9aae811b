package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.mm.UnguardedCopies;

/** A copy against munmap, after which the page is another mapping's. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "EFAULT.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Another mapping's contents.")
@State
public class UnmapAgainstCopy {

  private final long addr = SharedProgram.mapFilled(SharedProgram.MEMORY);

  /** Copies. */
  @Actor
  public void reader(I_Result result) {
    result.r1 = SharedProgram.load(SharedProgram.MEMORY, addr);
  }

  /** Unmaps, and gives the page to another mapping. */
  @Actor
  public void unmapper() {
    SharedProgram.MEMORY.munmap(addr, SharedProgram.PAGE);
    SharedProgram.reuseAPage();
  }

  /** The copy has no epoch. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken {

    private final long addr = SharedProgram.mapFilled(SharedProgram.MEMORY);

    /** Copies. */
    @Actor
    public void reader(I_Result result) {
      result.r1 = UnguardedCopies.load(SharedProgram.MEMORY, addr);
    }

    /** Unmaps, and gives the page to another mapping. */
    @Actor
    public void unmapper() {
      SharedProgram.MEMORY.munmap(addr, SharedProgram.PAGE);
      SharedProgram.reuseAPage();
    }
  }
}
