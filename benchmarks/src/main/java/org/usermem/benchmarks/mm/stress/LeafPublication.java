package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Whoever reads an entry of a new leaf sees what was put into its page before. */
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "The page as the fault made it.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Nothing there yet.")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "What the page was before.")
@State
public class LeafPublication extends GuardedPage {

  /** Starts with an empty table. */
  public LeafPublication() {
    super(false);
  }

  /** Copies. */
  @Actor
  public void reader(I_Result result) {
    result.r1 = copy();
  }

  /** Makes a page and enters it. */
  @Actor
  public void fault() {
    recycle(3);
    enter();
  }

  /** The page is entered before it is made. */
  @JCStressTest
  @Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken extends GuardedPage {

    /** Starts with an empty table. */
    public Broken() {
      super(false);
    }

    /** Copies. */
    @Actor
    public void reader(I_Result result) {
      result.r1 = copy();
    }

    /** Enters a page and makes it. */
    @Actor
    public void fault() {
      enter();
      Linger.briefly();
      recycle(3);
    }
  }
}
