package org.usermem.benchmarks.mm.stress;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.mm.epoch.Grace;

/** A slot that is busy again after the writer's look is waited for if it may use the old entry. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Nothing there any more.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Somebody else's contents.")
@State
public class StaleEpoch extends GuardedPage {

  /** Copies in the second of two epochs in one slot. */
  @Actor
  public void reader(I_Result result) {
    epochs.exit(epochs.enter());
    result.r1 = copy();
  }

  /** Takes away, looks, waits and recycles. */
  @Actor
  public void writer() {
    clear();
    await(epochs.grace());
    recycle(2);
  }

  static void await(@Nullable Grace grace) {
    while (grace != null && !grace.isOver()) {
      Thread.onSpinWait();
    }
  }

  /** The writer looks before it takes away: at an epoch that may have been another. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken extends GuardedPage {

    /** Copies in the second of two epochs in one slot. */
    @Actor
    public void reader(I_Result result) {
      epochs.exit(epochs.enter());
      result.r1 = copy();
    }

    /** Looks, takes away, waits and recycles. */
    @Actor
    public void writer() {
      Grace grace = epochs.grace();
      clear();
      await(grace);
      recycle(2);
    }
  }
}
