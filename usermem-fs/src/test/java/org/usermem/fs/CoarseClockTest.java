package org.usermem.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoarseClockTest {

  private static final int MANY = 1_000_000;
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong time = new AtomicLong(SECOND);
  private final AtomicInteger asked = new AtomicInteger();
  private final CoarseClock clock =
      new CoarseClock(
          () -> {
            asked.incrementAndGet();
            return time.get();
          });

  @AfterEach
  void close() {
    clock.close();
  }

  private void makeBusy() {
    while (!clock.isTicking()) {
      clock.nanos();
    }
  }

  @Test
  void isExactWhileItIsAskedSeldom() {
    for (int i = 1; i <= 1000; i++) {
      assertEquals(time.addAndGet(SECOND), clock.nanos());
    }
    assertEquals(1000, asked.get());
    assertFalse(clock.isTicking());
  }

  @Test
  void asksTheSourceForTicksAloneWhileItIsAskedOften() {
    for (int i = 0; i < MANY; i++) {
      assertEquals(SECOND, clock.nanos());
    }
    assertTrue(asked.get() < MANY / 2, "the source was asked " + asked + " times");
  }

  @Test
  void followsTheSourceFromTickToTick() {
    makeBusy();
    time.addAndGet(SECOND);
    while (clock.nanos() != 2 * SECOND) {
      Thread.onSpinWait();
    }
    assertTrue(clock.isTicking());
  }

  @Test
  void stopsWhenNobodyAsks() {
    makeBusy();
    while (clock.isTicking()) {
      Thread.onSpinWait();
    }
    assertEquals(time.addAndGet(SECOND), clock.nanos());
  }

  @Test
  void asksTheSourceOnceItIsClosed() {
    makeBusy();
    clock.close();
    assertFalse(clock.isTicking());
    for (int i = 0; i < 1000; i++) {
      assertEquals(time.incrementAndGet(), clock.nanos());
    }
    assertFalse(clock.isTicking());
  }

  @Test
  void noThreadIsToldOfATimeBeforeOneThatWasToldBefore() throws Exception {
    try (CoarseClock real = new CoarseClock(System::nanoTime);
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (int round = 0; round < 3; round++) {
        AtomicLong latest = new AtomicLong(Long.MIN_VALUE);
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          readers.add(threads.submit(() -> readInOrder(real, latest)));
        }
        for (Future<?> reader : readers) {
          reader.get();
        }
        while (real.isTicking()) {
          Thread.onSpinWait();
        }
      }
    }
  }

  private static void readInOrder(CoarseClock clock, AtomicLong latest) {
    for (int i = 0; i < 100_000; i++) {
      long before = latest.get();
      long now = clock.nanos();
      assertTrue(now >= before, now + " after " + before);
      latest.accumulateAndGet(now, Math::max);
    }
  }
}
