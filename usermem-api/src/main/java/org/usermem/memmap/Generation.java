package org.usermem.memmap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

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

  private static final VarHandle NUMBER;

  static {
    try {
      NUMBER = MethodHandles.lookup().findVarHandle(Generation.class, "number", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long number;

  /** Begins the first generation. */
  public Generation() {}

  /** Returns the number of the generation. */
  public long current() {
    return number;
  }

  /**
   * Returns whether a generation goes on.
   *
   * @param seen its number
   */
  public boolean isCurrent(long seen) {
    return number == seen;
  }

  /** Ends the generation, and begins another. */
  public void end() {
    NUMBER.getAndAdd(this, 1L);
  }
}
