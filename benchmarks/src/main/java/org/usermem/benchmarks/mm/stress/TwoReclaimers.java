package org.usermem.benchmarks.mm.stress;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.mm.epoch.Loan;
import org.usermem.mm.epoch.Quarantine;
import org.usermem.mm.epoch.Retired;

/** Two reclaimers and the end of a loan: each range is released once, and none is left behind. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both ranges, each once.")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "Lost or released twice.")
@State
public class TwoReclaimers {

  private final AtomicInteger released = new AtomicInteger();
  private final Quarantine quarantine = new Quarantine(2, range -> released.incrementAndGet());
  private final Loan loan = quarantine.loans().open(false);

  /** Lends. */
  public TwoReclaimers() {
    int slot = quarantine.epochs().enter();
    loan.add(0x1000, 0x2000);
    quarantine.epochs().exit(slot);
  }

  /** Retires what is lent. */
  @Actor
  public void first() {
    retire(0x1000);
  }

  /** Retires something else. */
  @Actor
  public void second() {
    retire(0x5000);
  }

  /** Ends the loan. */
  @Actor
  public void borrower() {
    loan.close();
  }

  private void retire(long start) {
    Retired retired = new Retired();
    retired.add(start, start + 0x1000);
    quarantine.retire(retired);
  }

  /** Counts. */
  @Arbiter
  public void count(I_Result result) {
    result.r1 = released.get();
  }
}
