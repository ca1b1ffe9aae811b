package org.usermem.platform.systrap;

/**
 * Decides whether one side spins before it sleeps, by what came of it.
 *
 * <p>A spin that ends in sleep has cost a core for nothing. So a hit is worth a little and a miss
 * costs much; when the account is empty nobody spins for a number of times, and twice as many after
 * each trial that failed at once.
 *
 * <p>Thread safety: none.
 */
final class SpinBudget {

  private static final int FULL = 64;
  private static final int ON_TRIAL = 8;
  private static final int COST_OF_MISS = 8;
  private static final int SHORTEST_PAUSE = 64;
  private static final int LONGEST_PAUSE = 4096;

  private int account = FULL / 2;
  private int pause = SHORTEST_PAUSE;
  private int waitsLeft;

  /** Returns whether to spin this time. */
  boolean allows() {
    if (account > 0) {
      return true;
    }
    if (waitsLeft > 0) {
      waitsLeft--;
      return false;
    }
    account = ON_TRIAL;
    return true;
  }

  /** Says that a spin was shorter than the budget. */
  void hit() {
    if (account < FULL) {
      account++;
    }
    if (account > 2 * ON_TRIAL) {
      pause = SHORTEST_PAUSE;
    }
  }

  /** Says that a spin ended in sleep. */
  void miss() {
    account -= COST_OF_MISS;
    if (account <= 0) {
      waitsLeft = pause;
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }
}
