package org.usermem.benchmarks.mm.stress;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two tasks want the one slot that is free: when one leaves it, the other is not forgotten. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Nothing there any more.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Somebody else's contents.")
@State
public class SlotHandOver extends GuardedPage {

  /** All slots of {@code Epochs(2)} but one. */
  private final int[] others = new int[7];

  /** Enters in all slots but one. */
  public SlotHandOver() {
    for (int i = 0; i < others.length; i++) {
      others[i] = epochs.enter();
    }
  }

  /** The task that stays. */
  @Actor
  public void reader(I_Result result) {
    result.r1 = copy();
  }

  /** The task that goes, which then takes away, waits and recycles. */
  @Actor
  public void writer() {
    epochs.exit(epochs.enter());
    for (int other : others) {
      epochs.exit(other);
    }
    clear();
    epochs.await();
    recycle(2);
  }

  /** A slot is taken by a look and a store. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken extends GuardedPage {

    private final AtomicInteger slot = new AtomicInteger();

    private void enterSlot() {
      while (slot.get() % 2 != 0) {
        Thread.onSpinWait();
      }
      Linger.briefly();
      slot.set(slot.get() | 1);
    }

    private void exitSlot() {
      slot.set((slot.get() | 1) + 1);
    }

    /** The task that stays. */
    @Actor
    public void reader(I_Result result) {
      enterSlot();
      result.r1 = isKnown() ? contentsLater() : 0;
      exitSlot();
    }

    /** The task that goes, which then takes away, waits and recycles. */
    @Actor
    public void writer() {
      enterSlot();
      exitSlot();
      clear();
      while (slot.get() % 2 != 0) {
        Thread.onSpinWait();
      }
      recycle(2);
    }
  }
}
