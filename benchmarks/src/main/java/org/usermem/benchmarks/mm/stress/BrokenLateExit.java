package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;

/** The control of {@link LateExit}: the writer does not wait. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Nothing there any more.")
@Outcome(
    id = "2",
    expect = Expect.ACCEPTABLE_INTERESTING,
    desc = "What the real one must never show.")
@State
public class BrokenLateExit {

  private final Epochs epochs = new Epochs(2);
  private final PageTable table = new PageTable(16);
  private int page = 1;

  /** Fills. */
  public BrokenLateExit() {
    table.fill(5, 6, PageEntry.of(0x1000, PageEntry.READ));
  }

  /** Copies. */
  @Actor
  public void reader(I_Result result) {
    int slot = epochs.enter();
    result.r1 = PageEntry.allows(table.get(5), PageEntry.READ) ? page : 0;
    epochs.exit(slot);
  }

  /** Takes away and recycles. */
  @Actor
  public void writer() {
    table.clear(5, 6);
    page = 2;
  }
}
