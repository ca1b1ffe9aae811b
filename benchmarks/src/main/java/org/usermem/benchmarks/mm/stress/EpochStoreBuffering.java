package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;

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
public class EpochStoreBuffering {

  private final Epochs epochs = new Epochs(2);
  private final PageTable table = new PageTable(16);

  /** Fills. */
  public EpochStoreBuffering() {
    table.fill(5, 6, PageEntry.of(0x1000, PageEntry.READ));
  }

  /** Copies; stays inside, so that the writer's look is not too late by itself. */
  @Actor
  public void reader(II_Result result) {
    epochs.enter();
    result.r1 = PageEntry.allows(table.get(5), PageEntry.READ) ? 1 : 0;
  }

  /** Takes away. */
  @Actor
  public void writer(II_Result result) {
    table.clear(5, 6);
    result.r2 = epochs.grace() != null ? 1 : 0;
  }
}
