package org.usermem.kernel.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IntervalTimerTest {

  private static final TimerSetting AT_ONCE = new TimerSetting(1, 0);
  private static final TimerSetting LATER = new TimerSetting(Clocks.NANOS_PER_SECOND << 10, 0);

  private final AlarmQueue alarms = new AlarmQueue("alarms");

  @AfterEach
  void close() {
    alarms.close();
  }

  @Test
  void expirationsAreCountedUntilTheyAreTaken() {
    CompletableFuture<IntervalTimer> fired = new CompletableFuture<>();
    new IntervalTimer(alarms, Clocks.MONOTONIC, fired::complete).set(AT_ONCE, true);
    IntervalTimer timer = fired.join();
    assertTrue(timer.hasExpired());
    long taken = timer.take();
    assertEquals(1, taken);
    assertFalse(timer.hasExpired());
    timer.giveBack(taken);
    assertEquals(1, timer.take());
  }

  @Test
  void aListenerThatIsLateFindsNothingOfTheSettingBefore() {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch wasSet = new CountDownLatch(1);
    CompletableFuture<Long> found = new CompletableFuture<>();
    IntervalTimer timer =
        new IntervalTimer(
            alarms,
            Clocks.MONOTONIC,
            expired -> {
              entered.countDown();
              await(wasSet);
              found.complete(expired.take());
            });
    timer.set(AT_ONCE, true);
    await(entered);
    timer.set(LATER, false);
    wasSet.countDown();
    assertEquals(0, found.join());
  }

  @Test
  void anErrorInOneListenerLeavesTheOthersTheirThread() {
    CompletableFuture<IntervalTimer> fired = new CompletableFuture<>();
    IntervalTimer broken =
        new IntervalTimer(
            alarms,
            Clocks.MONOTONIC,
            timer -> {
              throw new AssertionError("the test's");
            });
    broken.set(AT_ONCE, true);
    new IntervalTimer(alarms, Clocks.MONOTONIC, fired::complete).set(new TimerSetting(2, 0), true);
    assertEquals(1, fired.join().take());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
