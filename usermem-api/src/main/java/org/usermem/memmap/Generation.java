package org.usermem.memmap;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells whether pages of the memory file that somebody has found are still where they were: a
 * number that changes whenever some are taken away, as a {@code seqcount_t} of Linux does.
 *
 * <p>A reader asks for the {@linkplain #current() current} number, then finds its pages, then
 * copies while that number {@linkplain #isCurrent is current}. An owner takes pages out of whatever
 * they are found by, then {@linkplain #end() ends} the generation, then calls {@link
 * MemoryFile#awaitCopies}, then drops its references.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class Generation {

  private final AtomicLong number = new AtomicLong();

  /** Begins the first generation. */
  public Generation() {}

  /** Returns the number of the generation. */
  public long current() {
    return number.get();
  }

  /**
   * Returns whether a generation goes on.
   *
   * @param seen its number
   */
  public boolean isCurrent(long seen) {
    return number.get() == seen;
  }

  /** Ends the generation, and begins another. */
  public void end() {
    number.incrementAndGet();
  }
}
