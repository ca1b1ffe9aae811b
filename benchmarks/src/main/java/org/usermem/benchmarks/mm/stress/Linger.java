package org.usermem.benchmarks.mm.stress;

import java.util.concurrent.ThreadLocalRandom;

/** Makes the time longer in which a race can be lost. */
public final class Linger {

  private Linger() {}

  /** Lasts for less than a microsecond: as long as a few accesses of memory. */
  public static void briefly() {
    upTo(500);
  }

  /** Lasts for some microseconds: as long as calls that change mappings, or half of that. */
  public static void on() {
    upTo(20_000);
  }

  private static void upTo(int nanoseconds) {
    long end = System.nanoTime() + ThreadLocalRandom.current().nextInt(nanoseconds);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
