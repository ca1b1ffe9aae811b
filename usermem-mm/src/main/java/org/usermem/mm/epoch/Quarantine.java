package org.usermem.mm.epoch;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.memmap.FileRange;

/**
 * References to pages that an address space has unmapped and that a copy or a borrower may still be
 * using. They are dropped when the copies that were under way are over and no loan holds them.
 *
 * <p>Deferring the drop of the <em>reference</em>, not only the reuse of the page, is what makes a
 * copy-on-write break safe: as long as it is held, the other owner does not become the only one and
 * does not write in place what a late copy still reads.
 *
 * <p>Thread-safe. Its lock is the last in the order: under it only the memory file is called.
 */
public final class Quarantine {

  /** What drops a reference. */
  @FunctionalInterface
  public interface Release {

    /** Drops one reference on every page of a range. */
    void release(FileRange range);
  }

  /** Past this many bytes a retirement waits for the copies instead of leaving them behind. */
  private static final long MOST_BYTES = 1L << 20;

  private static final int MOST_BATCHES = 64;

  private final Epochs epochs;
  private final Loans loans;
  private final Release release;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
  private long waitingBytes;

  private static final class Batch {
    final Retired retired;
    @Nullable Grace grace;

    Batch(Retired retired, @Nullable Grace grace) {
      this.retired = retired;
      this.grace = grace;
    }
  }

  /**
   * Makes an empty quarantine.
   *
   * @param concurrency how many threads are expected to copy at one time
   * @param release what drops a reference
   */
  public Quarantine(int concurrency, Release release) {
    this.epochs = new Epochs(concurrency);
    this.loans = new Loans(this::reclaim);
    this.release = release;
  }

  /** Returns the copies that are under way. */
  public Epochs epochs() {
    return epochs;
  }

  /** Returns the loans that are open. */
  public Loans loans() {
    return loans;
  }

  /**
   * Drops references as soon as that is safe. The pages must not be reachable any more: neither by
   * the table nor by the guest's mappings. Must not be called inside an epoch.
   *
   * @param retired the references; not to be used by the caller afterwards
   */
  public void retire(Retired retired) {
    if (retired.isEmpty()) {
      return;
    }
    Grace grace = epochs.grace();
    lock.lock();
    try {
      waiting.add(new Batch(retired, grace));
      waitingBytes += retired.byteCount();
      reclaimLocked();
      if (waitingBytes > MOST_BYTES || waiting.size() > MOST_BATCHES) {
        epochs.await();
        reclaimLocked();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops what can be dropped by now. */
  public void reclaim() {
    lock.lock();
    try {
      reclaimLocked();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for every copy that is under way, then drops what no loan holds. */
  public void awaitAndReclaim() {
    epochs.await();
    reclaim();
  }

  /** Returns the number of bytes that wait. */
  public long byteCount() {
    lock.lock();
    try {
      return waitingBytes;
    } finally {
      lock.unlock();
    }
  }

  private void reclaimLocked() {
    for (Iterator<Batch> it = waiting.iterator(); it.hasNext(); ) {
      Batch batch = it.next();
      if (batch.grace != null) {
        if (!batch.grace.isOver()) {
          continue;
        }
        batch.grace = null;
      }
      long before = batch.retired.byteCount();
      if (batch.retired.releaseUnlessLent(loans, release)) {
        it.remove();
      }
      waitingBytes -= before - batch.retired.byteCount();
    }
  }
}
