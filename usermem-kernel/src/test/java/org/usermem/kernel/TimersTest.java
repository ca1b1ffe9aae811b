package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.fork;
import static org.usermem.kernel.fixture.KernelFixture.handle;
import static org.usermem.kernel.fixture.KernelFixture.thread;

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
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.Clocks;
import org.usermem.kernel.time.TimerSetting;

@Timeout(60)
class TimersTest {

  private static final long MILLISECOND = 1_000_000;

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  @Test
  void theRealTimerSendsItsSignalAgainAndAgain() {
    AtomicInteger alarms = new AtomicInteger();
    Script handler =
        fixture
            .script()
            .does(
                task -> {
                  if (alarms.incrementAndGet() == 3) {
                    task.exitGroup(3);
                  }
                })
            .sigreturn();
    Task task =
        fixture.start(
            fixture
                .script()
                .does(each -> handle(each, Signals.SIGALRM, handler, 0))
                .does(
                    each ->
                        each.threadGroup()
                            .timers()
                            .timer(ProcessTimers.Kind.REAL)
                            .set(new TimerSetting(MILLISECOND, MILLISECOND), false))
                .spin());
    assertEquals(WaitStatus.exited(3), fixture.awaitExit(task));
  }

  @Test
  void theVirtualTimerCountsTimeInTheProgramOnly() {
    Task task =
        fixture.start(
            fixture
                .script()
                .does(
                    each ->
                        each.threadGroup()
                            .timers()
                            .timer(ProcessTimers.Kind.VIRTUAL)
                            .set(new TimerSetting(20 * MILLISECOND, 0), false))
                .spin());
    assertEquals(Signals.SIGVTALRM, fixture.awaitExit(task));
    assertTrue(task.threadGroup().userNanos() >= 20 * MILLISECOND);
  }

  @Test
  void theLimitOfProcessorTimeEndsInKill() {
    AtomicInteger warnings = new AtomicInteger();
    Script handler = fixture.script().does(each -> warnings.incrementAndGet()).sigreturn();
    Task task =
        fixture.start(
            fixture
                .script()
                .does(
                    each -> {
                      handle(each, Signals.SIGXCPU, handler, 0);
                      each.threadGroup().limits().set(Resource.CPU, new ResourceLimit(0, 1), true);
                      each.threadGroup().timers().limitChanged();
                    })
                .spin());
    assertEquals(Signals.SIGKILL, fixture.awaitExit(task));
    assertTrue(warnings.get() >= 1);
  }

  @Test
  void aTimersSignalCarriesItsNumberItsValueAndItsOverrun() {
    fixture.onTask(
        task -> {
          ProcessTimers timers = task.threadGroup().timers();
          task.signals().setMask(SignalSet.of(40));
          int id = timers.create(Clocks.MONOTONIC, 40, 0xabcdL, null);
          timers.get(id).set(new TimerSetting(MILLISECOND, MILLISECOND), false);
          task.blocking().sleepUntil(Clocks.deadlineAfter(20 * MILLISECOND));
          SignalInfo info = task.signals().await(SignalSet.of(40), Clocks.NEVER);
          timers.get(id).set(TimerSetting.DISARMED, false);
          SignalPayload.Timer payload = (SignalPayload.Timer) info.payload();
          assertEquals(SignalInfo.SI_TIMER, info.code());
          assertEquals(id, payload.timerId());
          assertEquals(0xabcdL, payload.value());
          assertTrue(payload.overrun() >= 1);
          return 0;
        });
  }

  @Test
  void deletingATimerTakesItsPendingSignalAlong() {
    fixture.onTask(
        task -> {
          ProcessTimers timers = task.threadGroup().timers();
          task.signals().setMask(SignalSet.of(40));
          int id = timers.create(Clocks.MONOTONIC, 40, null, task);
          timers.get(id).set(new TimerSetting(1, 0), true);
          KernelFixture.await(() -> task.signals().pendingSet() != 0);
          timers.delete(id);
          assertEquals(0, task.signals().pendingSet());
          assertErrno(Errno.EINVAL, () -> timers.get(id));
          assertErrno(Errno.EINVAL, () -> timers.delete(id));
          return 0;
        });
  }

  @Test
  void settingATimerReturnsWhatWasSetBefore() {
    fixture.onTask(
        task -> {
          ProcessTimers timers = task.threadGroup().timers();
          PosixTimer timer = timers.get(timers.create(Clocks.REALTIME, 0, null, null));
          assertEquals(TimerSetting.DISARMED, timer.set(new TimerSetting(1L << 40, 5), false));
          TimerSetting left = timer.remaining();
          assertEquals(5, left.intervalNanos());
          assertTrue(left.valueNanos() > 0 && left.valueNanos() <= 1L << 40);
          assertEquals(5, timer.set(TimerSetting.DISARMED, false).intervalNanos());
          return 0;
        });
  }

  @Test
  void sleepingOnAClockEndsAtTheTimeOrWithASignal() {
    Script handler = fixture.handler();
    fixture.run(
        fixture
            .script()
            .does(
                task -> {
                  handle(task, Signals.SIGALRM, handler, 0);
                  long deadline = Clocks.realtimeNanos() + MILLISECOND;
                  fixture.log.add(task.blocking().sleepUntil(Clocks.REALTIME, deadline));
                  task.threadGroup()
                      .timers()
                      .timer(ProcessTimers.Kind.REAL)
                      .set(new TimerSetting(MILLISECOND, 0), false);
                  fixture.log.add(task.blocking().sleepUntil(Clocks.MONOTONIC, Clocks.NEVER));
                }));
    assertEquals(List.of(true, false, "handler"), fixture.said());
  }

  @Test
  void aSleeperUsesNoProcessorTime() {
    fixture.onTask(
        task -> {
          long before = task.processorClock().nanos();
          task.blocking().sleepUntil(Clocks.deadlineAfter(200 * MILLISECOND));
          long used = task.processorClock().nanos() - before;
          assertTrue(used < 200 * MILLISECOND, () -> "used " + used);
          assertEquals(1, task.usage().voluntarySwitches());
          return 0;
        });
  }

  @Test
  void theAlarmQueueKeepsOrderAndForgetsWhatIsCancelled() {
    AtomicInteger calls = new AtomicInteger();
    var alarms = fixture.kernel.alarms();
    var never = alarms.newAlarm(() -> fixture.log.add("never"));
    var early =
        alarms.newAlarm(
            () -> {
              fixture.log.add("early");
              never.cancel();
            });
    var late =
        alarms.newAlarm(
            () -> {
              fixture.log.add("late");
              calls.incrementAndGet();
            });
    long now = Clocks.monotonicNanos();
    late.set(now + 22 * MILLISECOND);
    never.set(now + 21 * MILLISECOND);
    early.set(now + 20 * MILLISECOND);
    KernelFixture.await(() -> calls.get() == 1);
    assertEquals(List.of("early", "late"), fixture.said());
  }

  @Test
  void aChildIsHeldToTheLimitOnProcessorTimeOfItsParent() {
    fixture.onTask(
        task -> {
          ResourceLimit past = new ResourceLimit(0, 100);
          task.threadGroup().limits().set(Resource.CPU, past, true);
          int pid = fork(task, fixture.script().spin());
          WaitOptions options =
              new WaitOptions(WaitOptions.Selection.PROCESS, pid, WaitOptions.WEXITED);
          WaitResult result = task.relations().await(options);
          assertEquals(Signals.SIGXCPU, result.status());
          return 0;
        });
  }

  @Test
  void theSignalOfATimerIsQueuedBesideOneOfTheSameNumber() {
    fixture.onTask(
        task -> {
          long set = SignalSet.bit(Signals.SIGUSR1);
          task.signals().setMask(set);
          task.relations().killTask(task.processId(), task.tid(), Signals.SIGUSR1);
          ProcessTimers timers = task.threadGroup().timers();
          int id = timers.create(Clocks.MONOTONIC, Signals.SIGUSR1, 5L, task);
          timers.get(id).set(new TimerSetting(1, 0), false);
          KernelFixture.await(() -> timers.get(id).remaining().valueNanos() == 0);
          assertEquals(SignalInfo.SI_TKILL, task.signals().await(set, Clocks.NEVER).code());
          assertEquals(SignalInfo.SI_TIMER, task.signals().await(set, Clocks.NEVER).code());
          return 0;
        });
  }

  @Test
  void aProfilersSignalGoesToATaskThatRuns() {
    AtomicInteger receiver = new AtomicInteger();
    Script handler =
        fixture
            .script()
            .does(
                task -> {
                  receiver.compareAndSet(0, task.tid());
                  task.threadGroup().leader().blocking().wake();
                })
            .sigreturn();
    Script worker =
        fixture
            .script()
            .does(
                task -> {
                  Task leader = task.threadGroup().leader();
                  KernelFixture.await(() -> leader.state() == TaskState.SLEEPING);
                  task.threadGroup()
                      .timers()
                      .timer(ProcessTimers.Kind.PROFILING)
                      .set(new TimerSetting(MILLISECOND, 0), false);
                })
            .spin();
    fixture.onTask(
        task -> {
          handle(task, Signals.SIGPROF, handler, 0);
          int tid = thread(task, worker);
          task.blocking().until(() -> receiver.get() != 0, Clocks.NEVER);
          assertEquals(tid, receiver.get());
          return 0;
        });
  }
}
