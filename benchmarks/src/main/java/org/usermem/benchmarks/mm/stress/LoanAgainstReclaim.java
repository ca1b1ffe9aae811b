package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.usermem.mm.epoch.Loan;

/** A page that has been lent is not released while the loan is open, though its epoch is over. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Lent, and kept.")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Not lent, and not released yet.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Not lent, and released.")
@Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "Lent, and released.")
@State
public class LoanAgainstReclaim extends LentPage {

  /** Lends, and keeps the loan. */
  @Actor
  public void lender(II_Result result) {
    Loan loan = quarantine.loans().open(false);
    int slot = epochs.enter();
    if (isKnown()) {
      loan.add(START, END);
      result.r1 = 1;
    }
    epochs.exit(slot);
  }

  /** Takes away, and releases what it can. */
  @Actor
  public void writer(II_Result result) {
    result.r2 = retire();
  }

  /** The range is added when the epoch is over. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken extends LentPage {

    /** Lends, and keeps the loan. */
    @Actor
    public void lender(II_Result result) {
      Loan loan = quarantine.loans().open(false);
      int slot = epochs.enter();
      boolean known = isKnown();
      epochs.exit(slot);
      Linger.briefly();
      if (known) {
        loan.add(START, END);
        result.r1 = 1;
      }
    }

    /** Takes away, and releases what it can. */
    @Actor
    public void writer(II_Result result) {
      result.r2 = retire();
    }
  }
}
