package org.usermem.mm.epoch;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All loans of one address space. Loan objects are used again; there are as many as have ever been
 * open at one time.
 */
public final class Loans {

  private final AtomicReference<@Nullable Loan> head = new AtomicReference<>();
  private final Runnable afterClose;
  private volatile boolean awaited;

  /**
   * Makes an address space's set of loans.
   *
   * @param afterClose called after a loan has been closed when somebody had asked for that
   */
  public Loans(Runnable afterClose) {
    this.afterClose = afterClose;
  }

  /**
   * Opens a loan without ranges.
   *
   * @param forWriting whether the borrower writes to the pages
   */
  public Loan open(boolean forWriting) {
    for (Loan loan = head.get(); loan != null; loan = loan.next) {
      if (loan.claim(forWriting)) {
        return loan;
      }
    }
    Loan loan = new Loan(this, forWriting);
    Loan first;
    do {
      first = head.get();
      loan.next = first;
    } while (!head.compareAndSet(first, loan));
    return loan;
  }

  /** Asks for the callback when a loan is closed. To be called before {@link #overlap}. */
  public void awaitClose() {
    awaited = true;
  }

  void closed() {
    // Pairs with awaitClose and overlap: all of them volatile, so one side sees the other.
    if (awaited) {
      awaited = false;
      afterClose.run();
    }
  }

  /** Returns whether a range of the memory file is lent. */
  public boolean overlap(long start, long end) {
    for (Loan loan = head.get(); loan != null; loan = loan.next) {
      if (loan.overlaps(start, end)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a range of the memory file is lent to somebody who writes to it. */
  public boolean overlapForWriting(long start, long end) {
    for (Loan loan = head.get(); loan != null; loan = loan.next) {
      if (loan.isForWriting() && loan.overlaps(start, end)) {
        return true;
      }
    }
    return false;
  }
}
