package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.io.IOOpts;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.UnguardedCopies;

/** A compare-and-exchange against a fork and a break of its page: it is not lost. */
@JCStressTest
@Outcome(id = "5", expect = Expect.ACCEPTABLE, desc = "The new word.")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "The exchange was done on a page that was the child's.")
@State
public class ExchangeAgainstBreak {

  private final MemoryManager parent = SharedProgram.newMemory();
  private final long addr = SharedProgram.mapFilled(parent);

  /** Exchanges a word of the parent. */
  @Actor
  public void exchanger() {
    parent.compareAndExchangeInt(addr, SharedProgram.WORD, 5, IOOpts.DEFAULT);
  }

  /** Forks, and writes elsewhere on the page, which breaks it. */
  @Actor
  public void breaker() {
    MemoryManager child = parent.fork();
    SharedProgram.store(parent, addr + 64, 3);
    child.decUsers();
  }

  /** Looks whether the new word is there. */
  @Arbiter
  public void end(I_Result result) {
    result.r1 = parent.loadInt(addr, IOOpts.DEFAULT);
    parent.decUsers();
  }

  /** The exchange has no epoch; one that finds no page to write to is done in the guarded way. */
  @JCStressTest
  @Outcome(
      id = "16843009",
      expect = Expect.ACCEPTABLE_INTERESTING,
      desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken {

    private final MemoryManager parent = SharedProgram.newMemory();
    private final long addr = SharedProgram.mapFilled(parent);

    /** Exchanges a word of the parent. */
    @Actor
    public void exchanger() {
      if (!UnguardedCopies.compareAndExchange(parent, addr, SharedProgram.WORD, 5)) {
        parent.compareAndExchangeInt(addr, SharedProgram.WORD, 5, IOOpts.DEFAULT);
      }
    }

    /** Forks, and writes elsewhere on the page, which breaks it. */
    @Actor
    public void breaker() {
      MemoryManager child = parent.fork();
      SharedProgram.store(parent, addr + 64, 3);
      child.decUsers();
    }

    /** Looks whether the new word is there. */
    @Arbiter
    public void end(I_Result result) {
      result.r1 = parent.loadInt(addr, IOOpts.DEFAULT);
      parent.decUsers();
    }
  }
}
