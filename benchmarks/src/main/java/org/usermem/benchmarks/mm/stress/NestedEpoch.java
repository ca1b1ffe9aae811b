package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The end of an epoch that a thread has entered inside another is not the end of the outer one. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Nothing there any more.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Somebody else's contents.")
@State
public class NestedEpoch extends GuardedPage {

  /** Copies, and enters and leaves another epoch meanwhile. */
  @Actor
  public void reader(I_Result result) {
    int outer = epochs.enter();
    boolean known = isKnown();
    int inner = epochs.enter();
    epochs.exit(inner);
    result.r1 = known ? contentsLater() : 0;
    epochs.exit(outer);
  }

  /** Takes away, waits and recycles. */
  @Actor
  public void writer() {
    clear();
    epochs.await();
    recycle(2);
  }

  /** A thread has one slot, which the inner epoch gives up. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken extends GuardedPage {

    /** Copies, and leaves the epoch too early. */
    @Actor
    public void reader(I_Result result) {
      int outer = epochs.enter();
      boolean known = isKnown();
      epochs.exit(outer);
      result.r1 = known ? contentsLater() : 0;
    }

    /** Takes away, waits and recycles. */
    @Actor
    public void writer() {
      clear();
      epochs.await();
      recycle(2);
    }
  }
}
