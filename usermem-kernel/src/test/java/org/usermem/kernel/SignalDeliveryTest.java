package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.fork;
import static org.usermem.kernel.fixture.KernelFixture.handle;
import static org.usermem.kernel.fixture.KernelFixture.thread;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.WaitQueue;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceLimit;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.Clocks;

@Timeout(60)
class SignalDeliveryTest {

  private static final int USR1 = Signals.SIGUSR1;

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  private Script handler() {
    return fixture.script().does(task -> fixture.log.add("handler")).sigreturn();
  }

  private static long raise(Task task, int signo) {
    task.relations().killTask(task.processId(), task.tid(), signo);
    return 0;
  }

  @Test
  void aHandlerRunsAndTheProgramGoesOnWhereItWas() {
    Script handler = handler();
    fixture.run(
        fixture
            .script()
            .does(task -> handle(task, USR1, handler, 0))
            .call(
                task -> {
                  raise(task, USR1);
                  return 77;
                })
            .does(task -> fixture.log.add(task.registers().rax())));
    assertEquals(List.of("handler", 77L), fixture.said());
  }

  @Test
  void theDefaultActionEndsTheProcess() {
    Task task = fixture.start(fixture.script().call(each -> raise(each, Signals.SIGTERM)).spin());
    assertEquals(Signals.SIGTERM, fixture.awaitExit(task));
  }

  @Test
  void aSignalWhoseDefaultIsADumpEndsTheProcessToo() {
    Task task = fixture.start(fixture.script().call(each -> raise(each, Signals.SIGQUIT)).spin());
    assertEquals(Signals.SIGQUIT, fixture.awaitExit(task));
  }

  @Test
  void aSignalIgnoredByDefaultDoesNothing() {
    Task task = fixture.start(fixture.script().call(each -> raise(each, Signals.SIGWINCH)).exit(3));
    assertEquals(WaitStatus.exited(3), fixture.awaitExit(task));
  }

  @Test
  void aSignalInterruptsAProgramThatComputes() {
    Script handler = fixture.script().exit(9);
    Script child = fixture.script().does(task -> handle(task, USR1, handler, 0)).spin();
    fixture.run(
        fixture
            .script()
            .call(task -> fork(task, child))
            .does(
                task -> {
                  Task other = fixture.kernel.task((int) task.registers().rax());
                  KernelFixture.await(() -> !other.signals().action(USR1).isDefault());
                  task.relations().kill(other.tid(), USR1);
                  fixture.log.add(await(task).status());
                }));
    assertEquals(List.of(WaitStatus.exited(9)), fixture.said());
  }

  private static WaitResult await(Task task) {
    return Objects.requireNonNull(
        task.relations().await(new WaitOptions(WaitOptions.Selection.ANY, 0, WaitOptions.WEXITED)));
  }

  private Script sleeper(long flags, SyscallRestart how, AtomicInteger entries) {
    Script handler = handler();
    return fixture
        .script()
        .does(task -> handle(task, USR1, handler, flags))
        .call(
            task -> {
              if (entries.incrementAndGet() == 1) {
                task.blocking().until(() -> false, Clocks.NEVER);
                throw how;
              }
              return 5;
            })
        .does(task -> fixture.log.add(task.registers().rax()));
  }

  private void interrupt(Script sleeper, AtomicInteger entries) {
    Task task = fixture.start(sleeper);
    KernelFixture.await(() -> entries.get() == 1 && task.state() == TaskState.SLEEPING);
    task.threadGroup().send(SignalInfo.user(USR1, 0, 0));
    fixture.awaitExit(task);
  }

  @Test
  void aCallStartsOverAfterAHandlerWithRestart() {
    AtomicInteger entries = new AtomicInteger();
    interrupt(sleeper(SignalAction.SA_RESTART, SyscallRestart.IF_HANDLER_ALLOWS, entries), entries);
    assertEquals(List.of("handler", 5L), fixture.said());
  }

  @Test
  void aCallIsInterruptedByAHandlerWithoutRestart() {
    AtomicInteger entries = new AtomicInteger();
    interrupt(sleeper(0, SyscallRestart.IF_HANDLER_ALLOWS, entries), entries);
    assertEquals(List.of("handler", -4L), fixture.said());
  }

  @Test
  void aCallThatRestartsWithoutAHandlerOnlyIsInterruptedByAnyHandler() {
    AtomicInteger entries = new AtomicInteger();
    interrupt(sleeper(SignalAction.SA_RESTART, SyscallRestart.IF_NO_HANDLER, entries), entries);
    assertEquals(List.of("handler", -4L), fixture.said());
  }

  @Test
  void aCallThatAlwaysRestartsDoesSoAfterAnyHandler() {
    AtomicInteger entries = new AtomicInteger();
    interrupt(sleeper(0, SyscallRestart.ALWAYS, entries), entries);
    assertEquals(List.of("handler", 5L), fixture.said());
  }

  @Test
  void aStopAndContinueStartsEveryCallOver() {
    for (SyscallRestart how :
        List.of(
            SyscallRestart.IF_HANDLER_ALLOWS,
            SyscallRestart.ALWAYS,
            SyscallRestart.IF_NO_HANDLER)) {
      AtomicInteger entries = new AtomicInteger();
      Task task = fixture.start(sleeper(0, how, entries));
      KernelFixture.await(() -> entries.get() == 1 && task.state() == TaskState.SLEEPING);
      task.threadGroup().send(SignalInfo.user(Signals.SIGSTOP, 0, 0));
      KernelFixture.await(() -> task.state() == TaskState.STOPPED);
      task.threadGroup().send(SignalInfo.user(Signals.SIGCONT, 0, 0));
      fixture.awaitExit(task);
    }
    assertEquals(List.of(5L, 5L, 5L), fixture.said());
  }

  @Test
  void aCallWithABlockGoesOnThroughItAfterAStop() {
    AtomicInteger entries = new AtomicInteger();
    Script script =
        fixture
            .script()
            .call(
                task -> {
                  entries.incrementAndGet();
                  task.blocking().until(() -> false, Clocks.NEVER);
                  task.signals().setRestartBlock(() -> 11);
                  throw SyscallRestart.BY_BLOCK;
                })
            .does(task -> fixture.log.add(task.registers().rax()));
    Task task = fixture.start(script);
    KernelFixture.await(() -> entries.get() == 1 && task.state() == TaskState.SLEEPING);
    task.threadGroup().send(SignalInfo.user(Signals.SIGSTOP, 0, 0));
    KernelFixture.await(() -> task.state() == TaskState.STOPPED);
    task.threadGroup().send(SignalInfo.user(Signals.SIGCONT, 0, 0));
    fixture.awaitExit(task);
    assertEquals(List.of(11L), fixture.said());
  }

  @Test
  void restartingWithoutABlockIsInterrupted() {
    fixture.onTask(task -> assertErrno(Errno.EINTR, () -> task.signals().restartSyscall()));
  }

  @Test
  void aBlockedSignalStaysPendingUntilItIsUnblocked() {
    Script handler = handler();
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
  void killAndStopCanBeNeitherBlockedNorHandled() {
    fixture.onTask(
        task -> {
          task.signals().setMask(-1);
          assertEquals(~SignalSet.UNBLOCKABLE, task.signals().mask());
          for (int signo : new int[] {Signals.SIGKILL, Signals.SIGSTOP, 0, 65}) {
            assertErrno(Errno.EINVAL, () -> task.signals().setAction(signo, SignalAction.DEFAULT));
          }
          return 0;
        });
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
  void aHandlerThatIsResetRunsOnce() {
    Script handler = handler();
    Task task =
        fixture.start(
            fixture
                .script()
                .does(each -> handle(each, USR1, handler, SignalAction.SA_RESETHAND))
                .call(each -> raise(each, USR1))
                .call(each -> raise(each, USR1)));
    assertEquals(USR1, fixture.awaitExit(task));
    assertEquals(List.of("handler"), fixture.said());
  }

  @Test
  void aSignalIsBlockedInItsOwnHandlerUnlessItAskedNotTo() {
    for (boolean defers : new boolean[] {true, false}) {
      AtomicBoolean blocked = new AtomicBoolean();
      Script handler =
          fixture
              .script()
              .does(task -> blocked.set(SignalSet.contains(task.signals().mask(), USR1)))
              .sigreturn();
      fixture.run(
          fixture
              .script()
              .does(task -> handle(task, USR1, handler, defers ? 0 : SignalAction.SA_NODEFER))
              .call(task -> raise(task, USR1))
              .does(task -> assertEquals(0, task.signals().mask())));
      assertEquals(defers, blocked.get());
    }
  }

  @Test
  void theMaskOfACallComesBackAfterTheHandler() {
    Script handler =
        fixture.script().does(task -> fixture.log.add(task.signals().mask())).sigreturn();
    fixture.run(
        fixture
            .script()
            .does(
                task -> {
                  handle(task, USR1, handler, 0);
                  task.signals().setMask(SignalSet.of(USR1, Signals.SIGUSR2));
                  raise(task, USR1);
                })
            .call(
                task -> {
                  task.signals().setMaskUntilReturn(SignalSet.of(Signals.SIGHUP));
                  return task.blocking().pause();
                })
            .does(
                task -> {
                  fixture.log.add(task.registers().rax());
                  fixture.log.add(task.signals().mask());
                }));
    assertEquals(
        List.of(SignalSet.of(USR1, Signals.SIGHUP), -4L, SignalSet.of(USR1, Signals.SIGUSR2)),
        fixture.said());
  }

  @Test
  void aFaultIsASignalWithItsAddress() {
    Script handler =
        fixture
            .script()
            .does(
                task -> {
                  SignalInfo info = fixture.machine.delivered(task);
                  fixture.log.add(info.code());
                  fixture.log.add(((SignalPayload.Fault) info.payload()).addr());
                })
            .exit(4);
    Task task =
        fixture.start(
            fixture
                .script()
                .does(each -> handle(each, Signals.SIGSEGV, handler, 0))
                .touch(0x1234_5000, AccessType.READ));
    assertEquals(WaitStatus.exited(4), fixture.awaitExit(task));
    assertEquals(List.of(SignalInfo.SEGV_MAPERR, 0x1234_5000L), fixture.said());
  }

  @Test
  void aFaultOnMappedMemoryIsServed() {
    Task task =
        fixture.start(
            fixture
                .script()
                .does(each -> each.memoryManager().mmap(KernelFixture.anonymousAt(0x40_0000, 1)))
                .touch(0x40_0000, AccessType.WRITE)
                .touch(0x40_0000, AccessType.EXECUTE));
    assertEquals(Signals.SIGSEGV, fixture.awaitExit(task));
    assertTrue(task.usage().minorFaults() > 0);
  }

  @Test
  void aBlockedFaultEndsTheProcess() {
    Script handler = handler();
    Task task =
        fixture.start(
            fixture
                .script()
                .does(
                    each -> {
                      handle(each, Signals.SIGSEGV, handler, 0);
                      each.signals().setMask(SignalSet.of(Signals.SIGSEGV));
                    })
                .touch(0x1000, AccessType.WRITE));
    assertEquals(Signals.SIGSEGV, fixture.awaitExit(task));
  }

  @Test
  void anInstructionsSignalReachesItsHandler() {
    Script handler = handler();
    fixture.run(
        fixture
            .script()
            .does(task -> handle(task, Signals.SIGFPE, handler, 0))
            .trap(Signals.SIGFPE, 1, 0x44));
    assertEquals(List.of("handler"), fixture.said());
  }

  @Test
  void waitingForASignalTakesItWithoutAHandler() {
    fixture.onTask(
        task -> {
          task.signals().setMask(SignalSet.of(USR1));
          assertErrno(Errno.EAGAIN, () -> task.signals().await(SignalSet.of(USR1), 0));
          raise(task, USR1);
          assertEquals(USR1, task.signals().await(SignalSet.of(USR1), Clocks.NEVER).signo());
          assertEquals(0, task.signals().pendingSet());
          return 0;
        });
  }

  @Test
  void aSignalOfAProcessGoesToAThreadThatDoesNotBlockIt() {
    Script handler = fixture.script().does(task -> task.exitGroup(12)).sigreturn();
    Script other = fixture.script().spin();
    Task task =
        fixture.start(
            fixture
                .script()
                .does(each -> handle(each, USR1, handler, 0))
                .call(each -> thread(each, other))
                .does(each -> each.signals().setMask(SignalSet.of(USR1)))
                .does(each -> each.relations().kill(each.processId(), USR1))
                .spin());
    assertEquals(WaitStatus.exited(12), fixture.awaitExit(task));
  }

  @Test
  void signallingNeedsTheSameUserOrTheCapability() {
    Script target = fixture.script().spin();
    Script child =
        fixture
            .script()
            .does(
                task -> {
                  task.setCredentials(TaskCredentials.of(1000, 1000));
                  int parent = task.threadGroup().parentId();
                  for (int signo : new int[] {0, Signals.SIGTERM}) {
                    assertErrno(Errno.EPERM, () -> task.relations().kill(parent, signo));
                  }
                  task.relations().kill(parent, Signals.SIGCONT);
                  fixture.log.add("checked");
                })
            .exit(0);
    fixture.run(
        fixture
            .script()
            .call(task -> fork(task, target))
            .call(task -> fork(task, child))
            .does(
                task -> {
                  await(task);
                  assertErrno(Errno.ESRCH, () -> task.relations().kill(9999, 0));
                  assertErrno(Errno.EINVAL, () -> task.relations().kill(task.tid(), 65));
                  task.relations().kill(-1, Signals.SIGKILL);
                }));
    assertEquals(List.of("checked"), fixture.said());
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

  @Test
  void aTaskThatWaitsIsToldOfTheOneWhoKillsIt() {
    AtomicBoolean interrupted = new AtomicBoolean();
    Task task =
        fixture.start(
            fixture
                .script()
                .does(
                    each -> {
                      Blocking.Outcome outcome = each.blocking().untilKilled(() -> false);
                      interrupted.set(outcome == Blocking.Outcome.INTERRUPTED);
                    }));
    KernelFixture.await(() -> task.state() == TaskState.UNINTERRUPTIBLE);
    task.threadGroup().send(SignalInfo.user(Signals.SIGTERM, 0, 0));
    fixture.awaitExit(task);
    assertTrue(interrupted.get());
  }

  @Test
  void interruptedOperationsOnFilesStartOver() {
    Script handler = handler();
    AtomicInteger tries = new AtomicInteger();
    Task task =
        fixture.start(
            fixture
                .script()
                .does(each -> handle(each, USR1, handler, 0))
                .call(
                    each ->
                        each.blocking()
                            .retry(
                                new WaitQueue(),
                                1,
                                Clocks.NEVER,
                                () -> {
                                  tries.incrementAndGet();
                                  throw LinuxException.of(Errno.EAGAIN);
                                }))
                .does(each -> fixture.log.add(each.registers().rax())));
    KernelFixture.await(() -> tries.get() == 1 && task.state() == TaskState.SLEEPING);
    task.threadGroup().send(SignalInfo.user(USR1, 0, 0));
    fixture.awaitExit(task);
    assertEquals(List.of("handler", -4L), fixture.said());
  }
}
