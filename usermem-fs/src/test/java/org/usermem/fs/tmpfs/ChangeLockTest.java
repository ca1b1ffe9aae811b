package org.usermem.fs.tmpfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ChangeLockTest {

  private static final int ROUNDS = 20_000;

  private final ChangeLock lock = new ChangeLock();
  private int count; // guarded by lock

  @Test
  void changesOfManyThreadsDoNotMix() throws InterruptedException {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Runnable work =
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            lock.lock();
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            count++;
            inside.decrementAndGet();
            lock.unlock();
          }
        };
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(Thread.ofPlatform().start(work));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    lock.lock();
    assertEquals(4 * ROUNDS, count);
    assertEquals(1, most.get());
  }

  @Test
  void everybodyWhoSleepsGetsItsTurn() throws InterruptedException {
    lock.lock();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    lock.lock();
                    count++;
                    lock.unlock();
                  }));
    }
    awaitSleeper(threads);
    lock.unlock();
    for (Thread thread : threads) {
      thread.join();
    }
    lock.lock();
    assertEquals(5, count);
  }

  private static void awaitSleeper(List<Thread> threads) {
    while (threads.stream().noneMatch(t -> t.getState() == Thread.State.TIMED_WAITING)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoIsInterruptedWaitsOnAndStaysInterrupted() throws InterruptedException {
    lock.lock();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread waiter =
        Thread.ofPlatform()
            .start(
                () -> {
                  lock.lock();
                  interrupted.set(Thread.currentThread().isInterrupted());
                  lock.unlock();
                });
    waiter.interrupt();
    awaitSleeper(List.of(waiter));
    lock.unlock();
    waiter.join();
    assertTrue(interrupted.get());
  }
}
