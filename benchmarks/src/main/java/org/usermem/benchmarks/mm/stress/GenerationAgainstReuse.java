package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.memmap.Generation;

/** A read of a file by its generation, against a truncation that frees the page. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The generation has ended.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Another file's contents.")
@State
public class GenerationAgainstReuse extends GuardedPage {

  private final Generation generation = new Generation();
  private final long seen = generation.current();

  /** Reads what was found before. */
  @Actor
  public void reader(I_Result result) {
    int slot = epochs.enter();
    result.r1 = generation.isCurrent(seen) ? contentsLater() : 0;
    epochs.exit(slot);
  }

  /** Ends the generation, waits and frees. */
  @Actor
  public void owner() {
    generation.end();
    epochs.await();
    recycle(2);
  }

  /** The generation is looked at before the epoch. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken extends GuardedPage {

    private final Generation generation = new Generation();
    private final long seen = generation.current();

    /** Reads what was found before. */
    @Actor
    public void reader(I_Result result) {
      boolean current = generation.isCurrent(seen);
      Linger.briefly();
      int slot = epochs.enter();
      result.r1 = current ? contentsLater() : 0;
      epochs.exit(slot);
    }

    /** Ends the generation, waits and frees. */
    @Actor
    public void owner() {
      generation.end();
      epochs.await();
      recycle(2);
    }
  }
}
