package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.handle;
import static org.usermem.kernel.fixture.KernelFixture.raise;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceLimit;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;

/** Signals that wait: how many, in what order, and how many fit. */
@Timeout(60)
class SignalQueueTest {

  private static final int USR1 = Signals.SIGUSR1;

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  @Test
  void aBlockedSignalStaysPendingUntilItIsUnblocked() {
    Script handler = fixture.handler();
    fixture.run(
        fixture
            .script()
            .does(task -> handle(task, USR1, handler, 0))
            .does(task -> task.signals().setMask(SignalSet.of(USR1)))
            .call(task -> raise(task, USR1))
            .does(task -> fixture.log.add(task.signals().pendingSet()))
            .does(task -> task.signals().setMask(0))
            .does(task -> fixture.log.add(task.signals().pendingSet())));
    assertEquals(List.of(SignalSet.of(USR1), "handler", 0L), fixture.said());
  }

  @Test
  void aStandardSignalIsPendingOnceAndARealTimeSignalAsOftenAsItWasSent() {
    AtomicInteger standard = new AtomicInteger();
    AtomicInteger realTime = new AtomicInteger();
    Script onStandard = fixture.script().does(task -> standard.incrementAndGet()).sigreturn();
    Script onRealTime = fixture.script().does(task -> realTime.incrementAndGet()).sigreturn();
    fixture.run(
        fixture
            .script()
            .does(
                task -> {
                  handle(task, USR1, onStandard, 0);
                  handle(task, 40, onRealTime, 0);
                  task.signals().setMask(SignalSet.of(USR1, 40));
                  for (int round = 0; round < 3; round++) {
                    raise(task, USR1);
                    raise(task, 40);
                  }
                  task.signals().setMask(0);
                }));
    assertEquals(1, standard.get());
    assertEquals(3, realTime.get());
  }

  @Test
  void realTimeSignalsComeInOrderAndLowestFirst() {
    Script[] handlers = new Script[65];
    for (int signo : new int[] {34, 35}) {
      handlers[signo] =
          fixture
              .script()
              .does(
                  task -> {
                    SignalInfo info = fixture.machine.delivered(task);
                    fixture.log.add(
                        info.signo() + ":" + ((SignalPayload.Value) info.payload()).value());
                  })
              .sigreturn();
    }
    fixture.run(
        fixture
            .script()
            .does(
                task -> {
                  for (int signo : new int[] {34, 35}) {
                    task.signals()
                        .setAction(
                            signo,
                            new SignalAction(handlers[signo].entry(), 0, 0, SignalSet.of(34, 35)));
                  }
                  task.signals().setMask(SignalSet.of(34, 35));
                  queue(task, 35, 1);
                  queue(task, 34, 2);
                  queue(task, 35, 3);
                  queue(task, 34, 4);
                  task.signals().setMask(0);
                }));
    // A handler is entered for each at once, so the last entered runs first; with the mask set they
    // come one by one.
    assertEquals(List.of("34:2", "34:4", "35:1", "35:3"), fixture.said());
  }

  private static void queue(Task task, int signo, long value) {
    task.relations()
        .queue(
            task.processId(),
            new SignalInfo(
                signo,
                0,
                SignalInfo.SI_QUEUE,
                new SignalPayload.Value(task.processId(), 0, value)));
  }

  @Test
  void queueingPastTheLimitFails() {
    fixture.onTask(
        task -> {
          task.threadGroup().limits().set(Resource.SIGPENDING, new ResourceLimit(2, 2), true);
          task.signals().setMask(SignalSet.of(40));
          queue(task, 40, 1);
          queue(task, 40, 2);
          assertErrno(Errno.EAGAIN, () -> queue(task, 40, 3));
          task.relations().kill(task.processId(), 40);
          task.signals().setAction(40, new SignalAction(SignalAction.SIG_IGN, 0, 0, 0));
          assertEquals(0, task.signals().pendingSet());
          task.signals().setAction(40, SignalAction.DEFAULT);
          queue(task, 40, 4);
          return 0;
        });
  }

  @Test
  void aFullQueueStillTakesStandardSignals() {
    fixture.onTask(
        task -> {
          task.threadGroup().limits().set(Resource.SIGPENDING, new ResourceLimit(0, 0), true);
          task.signals().setMask(-1);
          raise(task, USR1);
          SignalInfo info = task.signals().take(SignalSet.of(USR1));
          assertEquals(USR1, info.signo());
          return 0;
        });
  }
}
