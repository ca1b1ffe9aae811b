package org.usermem.mm.epoch;

import java.util.Arrays;
import org.usermem.memmap.FileRange;

/** References to pages of the memory file that somebody has taken out of use. Not thread-safe. */
public final class Retired {

  private static final long[] NONE = {};

  /** Pairs of start and end. */
  private long[] ranges = NONE;

  private int length;
  private long byteCount;

  /** Makes an empty list. */
  public Retired() {}

  /** Adds one reference on every page of a range. */
  public void add(long start, long end) {
    byteCount += end - start;
    if (length > 0 && ranges[length - 1] == start) {
      ranges[length - 1] = end;
      return;
    }
    if (length == ranges.length) {
      ranges = Arrays.copyOf(ranges, Math.max(8, 2 * length));
    }
    ranges[length++] = start;
    ranges[length++] = end;
  }

  /** Returns whether there is nothing in it. */
  public boolean isEmpty() {
    return length == 0;
  }

  /** Returns the number of bytes in all ranges. */
  public long byteCount() {
    return byteCount;
  }

  /** Releases every range that is not lent; returns whether nothing is left. */
  boolean releaseUnlessLent(Loans loans, Quarantine.Release release) {
    int kept = 0;
    boolean asked = false;
    for (int i = 0; i < length; i += 2) {
      long start = ranges[i];
      long end = ranges[i + 1];
      if (loans.overlap(start, end)) {
        if (!asked) {
          asked = true;
          loans.awaitClose();
        }
        // Again, now that whoever closes a loan will call: it may just have been closed.
        if (loans.overlap(start, end)) {
          ranges[kept++] = start;
          ranges[kept++] = end;
          continue;
        }
      }
      byteCount -= end - start;
      release.release(new FileRange(start, end));
    }
    length = kept;
    return kept == 0;
  }
}
