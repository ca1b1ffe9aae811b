package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.fork;
import static org.usermem.kernel.fixture.KernelFixture.handle;
import static org.usermem.kernel.fixture.KernelFixture.thread;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalPayload;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;

@Timeout(60)
class JobControlTest {

  private static final int ALL =
      WaitOptions.WEXITED | WaitOptions.WSTOPPED | WaitOptions.WCONTINUED;

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  private static WaitResult await(Task task, int flags) {
    WaitResult result =
        task.relations().await(new WaitOptions(WaitOptions.Selection.ANY, 0, flags));
    assertNotNull(result);
    return result;
  }

  /** Runs a parent that has made a child; what it throws fails the test. */
  private void withChild(Script child, ObjIntConsumer<Task> parent) {
    fixture.onTask(
        task -> {
          int pid = fork(task, child);
          parent.accept(task, pid);
          return 0;
        });
  }

  @Test
  void theParentSeesStopContinueAndEnd() {
    withChild(
        fixture.script().spin(),
        (task, pid) -> {
          task.relations().kill(pid, Signals.SIGSTOP);
          assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task, ALL).status());
          assertEquals(TaskState.STOPPED, fixture.kernel.task(pid).state());
          task.relations().kill(pid, Signals.SIGCONT);
          WaitResult continued = await(task, ALL);
          assertEquals(WaitStatus.CONTINUED, continued.status());
          assertEquals(SignalInfo.CLD_CONTINUED, continued.code());
          task.relations().kill(pid, Signals.SIGKILL);
          assertEquals(Signals.SIGKILL, await(task, ALL).status());
        });
  }

  @Test
  void aStopIsReportedOnce() {
    withChild(
        fixture.script().spin(),
        (task, pid) -> {
          task.relations().kill(pid, Signals.SIGSTOP);
          await(task, ALL);
          assertNull(
              task.relations()
                  .await(new WaitOptions(WaitOptions.Selection.ANY, 0, ALL | WaitOptions.WNOHANG)));
          task.relations().kill(pid, Signals.SIGKILL);
          await(task, ALL);
        });
  }

  @Test
  void aStoppedProcessDiesOfKillWithoutGoingOn() {
    withChild(
        fixture.script().spin(),
        (task, pid) -> {
          task.relations().kill(pid, Signals.SIGSTOP);
          await(task, ALL);
          task.relations().kill(pid, Signals.SIGTERM);
          assertEquals(TaskState.STOPPED, fixture.kernel.task(pid).state());
          task.relations().kill(pid, Signals.SIGKILL);
          assertEquals(Signals.SIGKILL, await(task, ALL).status());
        });
  }

  @Test
  void everyThreadStopsBeforeTheParentIsTold() {
    Script other = fixture.script().spin();
    Script child =
        fixture.script().call(task -> thread(task, other)).call(task -> thread(task, other)).spin();
    withChild(
        child,
        (task, pid) -> {
          KernelFixture.await(
              () -> fixture.kernel.process(pid).tasks().size() == 3 || task.isKilled());
          task.relations().kill(pid, Signals.SIGSTOP);
          await(task, ALL);
          for (Task each : fixture.kernel.process(pid).tasks()) {
            assertEquals(TaskState.STOPPED, each.state());
          }
          task.relations().kill(pid, Signals.SIGCONT);
          await(task, ALL);
          task.relations().kill(pid, Signals.SIGKILL);
          await(task, ALL);
        });
  }

  @Test
  void continueDiscardsPendingStopsAndAStopDiscardsPendingContinue() {
    withChild(
        fixture
            .script()
            .does(task -> task.signals().setMask(SignalSet.of(Signals.SIGTSTP, Signals.SIGCONT)))
            .spin(),
        (task, pid) -> {
          Task child = fixture.kernel.task(pid);
          KernelFixture.await(() -> child.signals().mask() != 0);
          task.relations().kill(pid, Signals.SIGTSTP);
          assertEquals(SignalSet.of(Signals.SIGTSTP), child.signals().pendingSet());
          task.relations().kill(pid, Signals.SIGCONT);
          assertEquals(SignalSet.of(Signals.SIGCONT), child.signals().pendingSet());
          task.relations().kill(pid, Signals.SIGTSTP);
          assertEquals(SignalSet.of(Signals.SIGTSTP), child.signals().pendingSet());
          task.relations().kill(pid, Signals.SIGKILL);
          await(task, ALL);
        });
  }

  @Test
  void sigchldTellsOfStopsUnlessTheParentAskedNotTo() {
    for (boolean wants : new boolean[] {true, false}) {
      ConcurrentLinkedQueue<Integer> codes = new ConcurrentLinkedQueue<>();
      Script handler =
          fixture
              .script()
              .does(task -> codes.add(fixture.machine.delivered(task).code()))
              .sigreturn();
      Script child = fixture.script().spin();
      fixture.run(
          fixture
              .script()
              .does(
                  task ->
                      handle(task, Signals.SIGCHLD, handler, wants ? 0 : SignalAction.SA_NOCLDSTOP))
              .call(task -> fork(task, child))
              .call(
                  task -> {
                    int pid = (int) task.registers().rax();
                    task.signals().setMask(SignalSet.of(Signals.SIGCHLD));
                    task.relations().kill(pid, Signals.SIGSTOP);
                    await(task, ALL);
                    return pid;
                  })
              .call(
                  task -> {
                    int pid = (int) task.registers().rax();
                    task.signals().setMask(0);
                    return pid;
                  })
              .does(task -> task.signals().setMask(SignalSet.of(Signals.SIGCHLD)))
              .does(task -> task.relations().kill(-1, Signals.SIGKILL))
              .does(task -> await(task, ALL)));
      assertEquals(wants ? List.of(SignalInfo.CLD_STOPPED) : List.of(), List.copyOf(codes));
    }
  }

  @Test
  void anOrphanedProcessGroupIsNotStoppedByTheTerminal() {
    Script child =
        fixture
            .script()
            .does(task -> task.relations().newSession())
            .does(task -> task.relations().kill(0, Signals.SIGTSTP))
            .exit(5);
    withChild(child, (task, pid) -> assertEquals(WaitStatus.exited(5), await(task, ALL).status()));
  }

  @Test
  void aJobOfTheFirstProcessIsStoppedByTheTerminal() {
    Script child =
        fixture
            .script()
            .does(task -> task.relations().setProcessGroup(0, 0))
            .does(task -> task.relations().kill(0, Signals.SIGTSTP))
            .exit(5);
    withChild(
        child,
        (task, pid) -> {
          assertEquals(WaitStatus.stopped(Signals.SIGTSTP), await(task, ALL).status());
          task.relations().kill(pid, Signals.SIGCONT);
          assertEquals(WaitStatus.exited(5), await(task, WaitOptions.WEXITED).status());
        });
  }

  @Test
  void stoppedJobsOfALeaderThatEndsGetHangUpAndContinue() {
    ConcurrentLinkedQueue<Integer> got = new ConcurrentLinkedQueue<>();
    Script onHangUp = fixture.script().does(task -> got.add(Signals.SIGHUP)).exit(3);
    Script job =
        fixture
            .script()
            .does(task -> handle(task, Signals.SIGHUP, onHangUp, 0))
            .does(task -> task.relations().kill(task.tid(), Signals.SIGSTOP))
            .spin();
    Script shell =
        fixture
            .script()
            .does(task -> task.relations().newSession())
            .call(task -> fork(task, job))
            .does(
                task -> {
                  int pid = (int) task.registers().rax();
                  task.relations().setProcessGroup(pid, pid);
                  await(task, ALL);
                })
            .exit(0);
    withChild(
        shell,
        (task, pid) -> {
          assertEquals(WaitStatus.exited(0), await(task, WaitOptions.WEXITED).status());
          assertEquals(WaitStatus.exited(3), await(task, WaitOptions.WEXITED).status());
        });
    assertEquals(List.of(Signals.SIGHUP), List.copyOf(got));
  }

  @Test
  void processGroupsFollowTheRulesOfSetpgid() {
    Script child = fixture.script().spin();
    withChild(
        child,
        (task, pid) -> {
          TaskRelations relations = task.relations();
          assertEquals(task.tid(), relations.processGroup(pid));
          relations.setProcessGroup(pid, 0);
          assertEquals(pid, relations.processGroup(pid));
          relations.setProcessGroup(pid, relations.processGroup(0));
          assertEquals(task.tid(), relations.processGroup(pid));
          assertErrno(Errno.EPERM, () -> relations.setProcessGroup(pid, 999));
          assertErrno(Errno.ESRCH, () -> relations.setProcessGroup(999, 0));
          assertErrno(Errno.EINVAL, () -> relations.setProcessGroup(pid, -1));
          assertErrno(Errno.EPERM, () -> relations.setProcessGroup(0, 0));
          assertErrno(Errno.EPERM, relations::newSession);
          relations.kill(pid, Signals.SIGKILL);
          await(task, ALL);
          assertErrno(Errno.ESRCH, () -> relations.kill(-pid, 0));
        });
  }

  @Test
  void aSignalToAProcessGroupReachesEveryMember() {
    Script child = fixture.script().spin();
    withChild(
        child,
        (task, pid) -> {
          int second = fork(task, child);
          task.relations().setProcessGroup(pid, pid);
          task.relations().setProcessGroup(second, pid);
          task.relations().kill(-pid, Signals.SIGTERM);
          assertEquals(Signals.SIGTERM, await(task, ALL).status());
          assertEquals(Signals.SIGTERM, await(task, ALL).status());
        });
  }

  @Test
  void aBackgroundJobThatReadsTheTerminalStops() {
    Script reader =
        fixture
            .script()
            .does(
                task ->
                    KernelFixture.await(
                        () ->
                            task.threadGroup().processGroup().id() == task.tid()
                                || task.isKilled()))
            .does(task -> task.threadGroup().session().checkForeground(task, Signals.SIGTTIN))
            .exit(6);
    Script shell =
        fixture
            .script()
            .does(
                task -> {
                  task.relations().newSession();
                  Session session = task.threadGroup().session();
                  session.acquireTerminal(released -> fixture.log.add("released"));
                  session.checkForeground(task, Signals.SIGTTIN);
                })
            .call(task -> fork(task, reader))
            .does(
                task -> {
                  int pid = (int) task.registers().rax();
                  task.relations().setProcessGroup(pid, pid);
                  fixture.log.add(await(task, ALL).status());
                  task.threadGroup().session().setForeground(pid);
                  task.relations().kill(pid, Signals.SIGCONT);
                  fixture.log.add(await(task, WaitOptions.WEXITED).status());
                })
            .exit(0);
    withChild(shell, (task, pid) -> await(task, WaitOptions.WEXITED));
    assertEquals(
        List.of(WaitStatus.stopped(Signals.SIGTTIN), WaitStatus.exited(6), "released"),
        fixture.said());
  }

  @Test
  void aJobThatIgnoresTheTerminalsSignalReadsNothing() {
    Script child =
        fixture
            .script()
            .does(
                task -> {
                  task.signals()
                      .setAction(Signals.SIGTTIN, new SignalAction(SignalAction.SIG_IGN, 0, 0, 0));
                  Session session = task.threadGroup().session();
                  KernelFixture.await(
                      () ->
                          task.threadGroup().processGroup().id() == task.tid() || task.isKilled());
                  assertErrno(Errno.EIO, () -> session.checkForeground(task, Signals.SIGTTIN));
                  fixture.log.add("refused");
                })
            .exit(0);
    fixture.onTask(
        task -> {
          task.threadGroup().session().acquireTerminal(released -> {});
          int pid = fork(task, child);
          task.relations().setProcessGroup(pid, pid);
          await(task, ALL);
          return 0;
        });
    assertEquals(List.of("refused"), fixture.said());
  }

  @Test
  void theInformationOfAChildsEndNamesChildUserAndStatus() {
    Script child = fixture.script().exit(21);
    fixture.onTask(
        task -> {
          task.signals().setMask(SignalSet.of(Signals.SIGCHLD));
          int pid = fork(task, child);
          SignalInfo info = task.signals().await(SignalSet.of(Signals.SIGCHLD), Long.MAX_VALUE);
          SignalPayload.Child payload = (SignalPayload.Child) info.payload();
          assertEquals(SignalInfo.CLD_EXITED, info.code());
          assertEquals(pid, payload.pid());
          assertEquals(21, payload.status());
          await(task, ALL);
          return 0;
        });
  }
}
