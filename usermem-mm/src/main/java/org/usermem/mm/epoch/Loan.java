package org.usermem.mm.epoch;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.memmap.LentRanges;

/**
 * Ranges of the memory file that are in the hands of other code, which may block while it has them.
 *
 * <p>A range is added inside the epoch in which it was found in the table. So a writer that has
 * removed it from the table and seen the epoch end sees it here too: the entry into the list comes
 * before the exit from the epoch, the exit before the writer's look. The range then stays in
 * quarantine until the loan is closed; nobody else waits for it.
 *
 * <p>One thread adds, reads and closes; any thread asks {@link #overlaps}.
 */
public final class Loan implements LentRanges {

  private static final int FIRST_CAPACITY = 32;

  private final Loans loans;
  private final AtomicBoolean open = new AtomicBoolean(true);

  /** Length of what is used of {@link #ranges}; written after what it counts. */
  private final AtomicInteger length = new AtomicInteger();

  /** Pairs of start, an offset in the memory file, and byte count. Replaced when it grows. */
  private long[] ranges = new long[FIRST_CAPACITY];

  private volatile boolean forWriting;

  /** The next in the list of all loans; set before this one is published. */
  @Nullable Loan next;

  Loan(Loans loans, boolean forWriting) {
    this.loans = loans;
    this.forWriting = forWriting;
  }

  boolean claim(boolean writing) {
    if (open.getOpaque() || !open.compareAndSet(false, true)) {
      return false;
    }
    forWriting = writing;
    return true;
  }

  /**
   * Adds a range. The caller is inside the epoch in which it read the table entry.
   *
   * @param start offset of the first byte in the memory file
   * @param end offset after the last byte
   */
  public void add(long start, long end) {
    int used = length.getPlain();
    if (used > 0 && ranges[used - 2] + ranges[used - 1] == start) {
      // Whoever must see the longer range looks after the caller's epoch has ended.
      ranges[used - 1] += end - start;
      return;
    }
    if (used == ranges.length) {
      ranges = Arrays.copyOf(ranges, 2 * used);
    }
    ranges[used] = start;
    ranges[used + 1] = end - start;
    length.setRelease(used + 2);
  }

  /**
   * Returns the ranges, each by the offset of its first byte and its length; adjacent ones have
   * become one. They are this loan's own: nothing may be added while they are used, and they end
   * with the loan.
   */
  @Override
  public AddrRangeSeq ranges() {
    return AddrRangeSeq.ofPairs(ranges, length.getPlain() / 2);
  }

  @Override
  public int rangeCount() {
    return length.getPlain() / 2;
  }

  @Override
  public long firstStart() {
    return ranges[0];
  }

  @Override
  public long firstByteCount() {
    return ranges[1];
  }

  /** Gives every range back. */
  public void close() {
    length.setRelease(0);
    if (ranges.length > FIRST_CAPACITY * 32) {
      ranges = new long[FIRST_CAPACITY];
    }
    open.set(false);
    loans.closed();
  }

  boolean isForWriting() {
    return forWriting;
  }

  boolean overlaps(long start, long end) {
    int used = length.getAcquire();
    long[] seen = ranges;
    for (int i = 0; i < used && i < seen.length; i += 2) {
      if (seen[i] < end && start < seen[i] + seen[i + 1]) {
        return true;
      }
    }
    return false;
  }
}
