package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.UnguardedCopies;

/** A copy against the end of the address space, as process_vm_readv(2) does it. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "EFAULT.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Another program's contents.")
@State
public class ExitAgainstCopy {

  private final MemoryManager memory = SharedProgram.newMemory();
  private final long addr = SharedProgram.mapFilled(memory);

  /** Copies. */
  @Actor
  public void reader(I_Result result) {
    result.r1 = SharedProgram.load(memory, addr);
  }

  /** Ends the address space, and gives the page to another. */
  @Actor
  public void exit() {
    memory.decUsers();
    SharedProgram.reuseAPage();
  }

  /** The copy has no epoch. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken {

    private final MemoryManager memory = SharedProgram.newMemory();
    private final long addr = SharedProgram.mapFilled(memory);

    /** Copies. */
    @Actor
    public void reader(I_Result result) {
      result.r1 = UnguardedCopies.load(memory, addr);
    }

    /** Ends the address space, and gives the page to another. */
    @Actor
    public void exit() {
      memory.decUsers();
      SharedProgram.reuseAPage();
    }
  }
}
