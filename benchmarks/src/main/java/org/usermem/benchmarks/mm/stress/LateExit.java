package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A page is recycled only when the copy that reads it is over, whatever the copy does last. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Nothing there any more.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Somebody else's contents.")
@State
public class LateExit extends GuardedPage {

  /** Copies. */
  @Actor
  public void reader(I_Result result) {
    result.r1 = copy();
  }

  /** Takes away, waits and recycles. */
  @Actor
  public void writer() {
    clear();
    epochs.await();
    recycle(2);
  }

  /** The writer does not wait. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken extends GuardedPage {

    /** Copies. */
    @Actor
    public void reader(I_Result result) {
      result.r1 = copy();
    }

    /** Takes away and recycles. */
    @Actor
    public void writer() {
      clear();
      recycle(2);
    }
  }
}
