package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.time.Clocks;

@Timeout(60)
class BlockingTest {

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  /** A lock that is contended parks the thread, and so uses up the permit of a wake-up. */
  @Test
  void aWakeUpCountsThoughLookingAtTheConditionUsesUpItsPermit() {
    AtomicInteger looks = new AtomicInteger();
    AtomicBoolean holds = new AtomicBoolean();
    Task task =
        fixture.start(
            fixture
                .script()
                .does(
                    each -> {
                      Blocking.Outcome outcome =
                          each.blocking().until(() -> look(each, looks, holds), Clocks.NEVER);
                      each.exitGroup(outcome == Blocking.Outcome.READY ? 3 : 4);
                    }));
    assertEquals(WaitStatus.exited(3), fixture.awaitExit(task));
  }

  private static boolean look(Task task, AtomicInteger looks, AtomicBoolean holds) {
    boolean seen = holds.get();
    if (looks.incrementAndGet() == 2) {
      AtomicBoolean isAwake = new AtomicBoolean();
      Thread.ofPlatform()
          .start(
              () -> {
                holds.set(true);
                task.blocking().wake();
                isAwake.set(true);
              });
      while (!isAwake.get()) {
        Thread.onSpinWait();
      }
      LockSupport.park();
    }
    return seen;
  }
}
