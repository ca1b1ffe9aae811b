package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.UnguardedCopies;

/** What a copy writes into the parent after the fork does not appear in the child. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The write came after the fork.")
@Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "The write came before the fork.")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "The child's memory changed by itself.")
@State
public class ForkAgainstCopy {

  private final MemoryManager parent = SharedProgram.newMemory();
  private final long addr = SharedProgram.mapFilled(parent);

  /** Writes in the parent. */
  @Actor
  public void copier() {
    SharedProgram.store(parent, addr, 3);
  }

  /** Forks, and looks twice in the child. */
  @Actor
  public void forker(II_Result result) {
    MemoryManager child = parent.fork();
    result.r1 = SharedProgram.load(child, addr);
    result.r2 = SharedProgram.loadLater(child, addr);
    child.decUsers();
  }

  /** Gives everything back. */
  @Arbiter
  public void end(II_Result result) {
    parent.decUsers();
  }

  /** The copy has no epoch. */
  @JCStressTest
  @Outcome(id = "1, 3", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken {

    private final MemoryManager parent = SharedProgram.newMemory();
    private final long addr = SharedProgram.mapFilled(parent);

    /** Writes in the parent. */
    @Actor
    public void copier() {
      UnguardedCopies.store(parent, addr, 3);
    }

    /** Forks, and looks twice in the child. */
    @Actor
    public void forker(II_Result result) {
      MemoryManager child = parent.fork();
      result.r1 = SharedProgram.load(child, addr);
      result.r2 = SharedProgram.loadLater(child, addr);
      child.decUsers();
    }

    /** Gives everything back. */
    @Arbiter
    public void end(II_Result result) {
      parent.decUsers();
    }
  }
}
