package org.usermem.benchmarks.mm.stress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Slot and entry: a reader that sees the old entry is seen by the writer. The store-buffering
 * shape, with the clearing of one entry.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The writer waits for the reader.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The writer waits for nothing.")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The reader came too late.")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The reader uses what was taken away.")
@State
public class EpochStoreBuffering extends GuardedPage {

  /** Copies; stays inside, so that the writer's look is not too late by itself. */
  @Actor
  public void reader(II_Result result) {
    epochs.enter();
    result.r1 = isKnown() ? 1 : 0;
  }

  /** Takes away. */
  @Actor
  public void writer(II_Result result) {
    clear();
    result.r2 = epochs.grace() != null ? 1 : 0;
  }

  /** Release and acquire in place of the fences. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken extends GuardedPage {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] slot = new int[1];

    /** Copies. */
    @Actor
    public void reader(II_Result result) {
      SLOT.setRelease(slot, 0, 1);
      result.r1 = isKnown() ? 1 : 0;
    }

    /** Takes away. */
    @Actor
    public void writer(II_Result result) {
      clear();
      result.r2 = (int) SLOT.getAcquire(slot, 0);
    }
  }
}
