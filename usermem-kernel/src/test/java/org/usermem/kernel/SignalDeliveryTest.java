package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.fork;
import static org.usermem.kernel.fixture.KernelFixture.handle;
import static org.usermem.kernel.fixture.KernelFixture.raise;
import static org.usermem.kernel.fixture.KernelFixture.thread;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.identity.TaskCredentials;
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

  @Test
  void aHandlerRunsAndTheProgramGoesOnWhereItWas() {
    Script handler = fixture.handler();
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
  void aHandlerThatIsResetRunsOnce() {
    Script handler = fixture.handler();
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
    Script handler = fixture.handler();
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
    Script handler = fixture.handler();
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
}
