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
import org.usermem.mm.epoch.Loans;
import org.usermem.mm.epoch.Quarantine;
import org.usermem.mm.epoch.Retired;

/** Two reclaimers and the end of a loan: each range is released once, and none is left behind. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both ranges, each once.")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "Lost or released twice.")
@State
public class TwoReclaimers {

  private static final long LENT = 0x1000;
  private static final long OTHER = 0x5000;
  private static final long PAGE = 0x1000;

  private final AtomicInteger released = new AtomicInteger();
  private final Quarantine quarantine = new Quarantine(2, range -> released.incrementAndGet());
  private final Loan loan = lend(quarantine.loans());

  private static Loan lend(Loans loans) {
    Loan loan = loans.open(false);
    loan.add(LENT, LENT + PAGE);
    return loan;
  }

  /** Retires what is lent. */
  @Actor
  public void first() {
    retire(LENT);
  }

  /** Ends the loan, and retires something else. */
  @Actor
  public void second() {
    loan.close();
    retire(OTHER);
  }

  private void retire(long start) {
    Retired retired = new Retired();
    retired.add(start, start + PAGE);
    quarantine.retire(retired);
  }

  /** Counts. */
  @Arbiter
  public void count(I_Result result) {
    result.r1 = released.get();
  }

  /** A quarantine without a lock. */
  @JCStressTest
  @Outcome(id = "1", expect = Expect.ACCEPTABLE)
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @State
  public static class Broken {

    private final AtomicInteger released = new AtomicInteger();
    private final Loans loans = new Loans(this::reclaim);
    private final Loan loan = lend(loans);
    private volatile boolean waiting;

    private void reclaim() {
      if (waiting && !loans.overlap(LENT, LENT + PAGE)) {
        waiting = false;
        released.incrementAndGet();
      }
    }

    /** Retires what is lent. */
    @Actor
    public void first() {
      waiting = true;
      loans.awaitClose();
      reclaim();
    }

    /** Ends the loan. */
    @Actor
    public void second() {
      loan.close();
      reclaim();
    }

    /** Counts. */
    @Arbiter
    public void count(I_Result result) {
      result.r1 = released.get();
    }
  }
}
