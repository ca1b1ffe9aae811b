package org.usermem.benchmarks.mm.stress;

import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A fault that races with the unlinking of its leaf does not put back what was taken away. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The fault came first.")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The fault found nothing.")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "Somebody else's contents.")
@State
public class FaultAgainstUnlink extends GuardedPage {

  private final ReentrantLock lock = new ReentrantLock();
  private boolean backed = true;

  /** Starts with an empty table. */
  public FaultAgainstUnlink() {
    super(false);
  }

  /** Faults the page in and copies it. */
  @Actor
  public void fault(II_Result result) {
    lock.lock();
    try {
      if (backed) {
        enter();
      }
    } finally {
      lock.unlock();
    }
    result.r1 = copy();
  }

  /** Takes a leaf away, waits and recycles. */
  @Actor
  public void unmapper() {
    lock.lock();
    try {
      backed = false;
      unlink();
    } finally {
      lock.unlock();
    }
    epochs.await();
    recycle(2);
  }

  /** Looks once more. */
  @Arbiter
  public void after(II_Result result) {
    result.r2 = copy();
  }

  /** The fault enters the page when it has released the lock. */
  @JCStressTest
  @Outcome(id = ".*, 2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken extends GuardedPage {

    private volatile boolean backed = true;

    /** Starts with an empty table. */
    public Broken() {
      super(false);
    }

    /** Faults the page in and copies it. */
    @Actor
    public void fault(II_Result result) {
      if (backed) {
        enter();
      }
      result.r1 = copy();
    }

    /** Takes a leaf away, waits and recycles. */
    @Actor
    public void unmapper() {
      backed = false;
      unlink();
      epochs.await();
      recycle(2);
    }

    /** Looks once more. */
    @Arbiter
    public void after(II_Result result) {
      result.r2 = copy();
    }
  }
}
