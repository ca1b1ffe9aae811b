package org.usermem.platform.stub;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When a pair of threads is better off on a processor of its own; times are in nanoseconds. */
class CrowdingTest {

  private static final long ELAPSED = 4_000_000;

  @Test
  void pairThatWaitsForOneThatComputesIsCrowded() {
    assertTrue(new Crowding(ELAPSED / 2, 0).pays(ELAPSED));
  }

  @Test
  void pairThatHardlyWaitsIsNotCrowded() {
    assertFalse(new Crowding(ELAPSED / 4, 0).pays(ELAPSED));
  }

  @Test
  void pairThatIsWokenAsSoonAsTheOtherSleepsIsNotCrowded() {
    // A ping-pong of 27 us: the one that is woken waits for a third of them.
    assertFalse(new Crowding(ELAPSED / 2, ELAPSED / 27_000).pays(ELAPSED));
  }

  @Test
  void pairThatWaitsLongAfterEachWakeUpIsCrowded() {
    assertTrue(new Crowding(3 * ELAPSED / 4, ELAPSED / 400_000).pays(ELAPSED));
  }

  @Test
  void pairThatIsWokenAllTheTimeMissesTheOther() {
    assertTrue(new Crowding(0, ELAPSED / 60_000).misses(ELAPSED));
    assertFalse(new Crowding(0, ELAPSED / 400_000).misses(ELAPSED));
  }

  @Test
  void oneOfTwoThatTakeTurnsDoesNotWaitTooLong() {
    assertFalse(new Crowding(ELAPSED / 2, 0).isSevere(ELAPSED));
    assertTrue(new Crowding(3 * ELAPSED / 4, 0).isSevere(ELAPSED));
  }

  @Test
  void guestThatGotMoreTurnsThanItsServerCountsAsNoWakeUp() {
    assertTrue(new Crowding(ELAPSED / 2, -100).pays(ELAPSED));
    assertFalse(new Crowding(0, -100).misses(ELAPSED));
  }
}
