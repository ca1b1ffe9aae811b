package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.epoch.Loan;
import org.usermem.mm.epoch.Quarantine;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;

/** A page that has been lent is not released while the loan is open, though its epoch is over. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Lent, and kept.")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Not lent, and not released yet.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Not lent, and released.")
@Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "Lent, and released.")
@State
public class LoanAgainstReclaim {

  private volatile int released;
  private final Quarantine quarantine = new Quarantine(2, range -> released = 1);
  private final PageTable table = new PageTable(16);

  /** Fills. */
  public LoanAgainstReclaim() {
    table.fill(5, 6, PageEntry.of(0x1000, PageEntry.READ));
  }

  /** Lends, and keeps the loan. */
  @Actor
  public void lender(II_Result result) {
    Epochs epochs = quarantine.epochs();
    Loan loan = quarantine.loans().open(false);
    int slot = epochs.enter();
    if (PageEntry.allows(table.get(5), PageEntry.READ)) {
      loan.add(0x1000, 0x2000);
      result.r1 = 1;
    }
    epochs.exit(slot);
  }

  /** Takes away, and releases what it can. */
  @Actor
  public void writer(II_Result result) {
    table.clear(5, 6);
    Retired retired = new Retired();
    retired.add(0x1000, 0x2000);
    quarantine.retire(retired);
    quarantine.awaitAndReclaim();
    result.r2 = released;
  }
}
