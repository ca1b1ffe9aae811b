package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.UnguardedCopies;

/**
 * A copy in the parent against a break in the parent, after which the child may be the sole owner
 * and write in place: the parent sees its own writes or what was before, never the child's.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "What was before the fork.")
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "The parent's own write.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "The child's write.")
@State
public class BreakAgainstCopy {

  private final MemoryManager parent = SharedProgram.newMemory();
  private final long addr = SharedProgram.mapFilled(parent);
  private final MemoryManager child = parent.fork();

  /** Reads, so that the table knows the page. */
  public BreakAgainstCopy() {
    SharedProgram.load(parent, addr);
  }

  /** Copies in the parent. */
  @Actor
  public void reader(I_Result result) {
    result.r1 = SharedProgram.load(parent, addr);
  }

  /** Breaks in the parent, then writes in the child. */
  @Actor
  public void breaker() {
    SharedProgram.store(parent, addr, 3);
    SharedProgram.store(child, addr, 2);
    child.decUsers();
  }

  /** Gives everything back. */
  @Arbiter
  public void end(I_Result result) {
    parent.decUsers();
  }

  /** The copy has no epoch. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken {

    private final MemoryManager parent = SharedProgram.newMemory();
    private final long addr = SharedProgram.mapFilled(parent);
    private final MemoryManager child = parent.fork();

    /** Reads, so that the table knows the page. */
    public Broken() {
      SharedProgram.load(parent, addr);
    }

    /** Copies in the parent. */
    @Actor
    public void reader(I_Result result) {
      result.r1 = UnguardedCopies.load(parent, addr);
    }

    /** Breaks in the parent, then writes in the child. */
    @Actor
    public void breaker() {
      SharedProgram.store(parent, addr, 3);
      SharedProgram.store(child, addr, 2);
      child.decUsers();
    }

    /** Gives everything back. */
    @Arbiter
    public void end(I_Result result) {
      parent.decUsers();
    }
  }
}
