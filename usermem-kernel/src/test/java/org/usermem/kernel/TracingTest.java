package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.fork;
import static org.usermem.kernel.fixture.KernelFixture.thread;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.signal.Signals;

class TracingTest extends TracingScenarios {

  @Test
  void anAttachedTaskStopsAndRunsOn() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = attached(task, pid);
          assertEquals(TaskState.TRACED, fixture.kernel.task(pid).state());
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertErrno(Errno.ESRCH, () -> tracing.tracee(pid).eventMessage());
          task.relations().kill(pid, Signals.SIGKILL);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  @Test
  void aTaskIsTracedOnceAndNotByItsOwnThreads() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = attached(task, pid);
          assertErrno(Errno.EPERM, () -> tracing.attach(pid));
          assertErrno(Errno.EPERM, () -> tracing.attach(task.tid()));
          assertErrno(Errno.ESRCH, () -> tracing.attach(9999));
          assertErrno(Errno.EIO, () -> tracing.seize(pid, 1L << 40));
          tracing.kill(pid);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  @Test
  void forksAreReportedAndTheChildIsTracedToo() {
    Script grandchild = fixture.script().exit(3);
    Script child =
        fixture
            .script()
            .does(TracingScenarios::stopOnceTraced)
            .call(task -> fork(task, grandchild))
            .exit(2);
    tracing(
        child,
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 1 << TraceOptions.EVENT_FORK);
          await(task);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          int newborn = 0;
          for (int stop = 0; stop < 2; stop++) {
            WaitResult result = awaitResult(task);
            if (result.pid() == pid) {
              assertEquals(
                  WaitStatus.stopped(TRAP | TraceOptions.EVENT_FORK << 8), result.status());
              newborn = (int) tracing.tracee(pid).eventMessage();
            } else {
              assertEquals(
                  WaitStatus.stopped(TRAP | TraceOptions.EVENT_STOP << 8), result.status());
            }
          }
          assertTrue(newborn != 0);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(2), await(task));
          tracing.resume(newborn, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(3), await(task));
        });
  }

  @Test
  void anExecIsReportedByEventOrByTrap() {
    fixture.machine.setLoader(request -> fixture.image(fixture.script().exit(6)));
    for (boolean asEvent : new boolean[] {true, false}) {
      Script child =
          fixture
              .script()
              .does(task -> task.relations().tracing().traceMe())
              .does(TracingScenarios::stopOnceTraced)
              .call(
                  task -> {
                    FileDescription file = fixture.open("/program", OpenFlags.READ_ONLY);
                    task.execute(
                        new ExecRequest(
                            file,
                            "/program",
                            List.of(),
                            List.of(),
                            task.credentials(),
                            task.fsContext(),
                            task.threadGroup().limits(),
                            task));
                    file.decRef();
                    return 0;
                  });
      tracing(
          child,
          (task, pid) -> {
            Tracing tracing = task.relations().tracing();
            assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task));
            tracing.setOptions(pid, asEvent ? 1 << TraceOptions.EVENT_EXEC : 0);
            tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
            int expected = asEvent ? TRAP | TraceOptions.EVENT_EXEC << 8 : TRAP;
            assertEquals(WaitStatus.stopped(expected), await(task));
            tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
            assertEquals(WaitStatus.exited(6), await(task));
          });
    }
  }

  @Test
  void theEndIsReportedBeforeItHappens() {
    tracing(
        fixture.script().does(TracingScenarios::stopOnceTraced).exit(12),
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 1 << TraceOptions.EVENT_EXIT);
          await(task);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.stopped(TRAP | TraceOptions.EVENT_EXIT << 8), await(task));
          assertEquals(WaitStatus.exited(12), tracing.tracee(pid).eventMessage());
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(12), await(task));
        });
  }

  @Test
  void aSeizedTaskIsInterruptedAndListenedTo() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 0);
          tracing.interrupt(pid);
          assertEquals(WaitStatus.stopped(TRAP | TraceOptions.EVENT_STOP << 8), await(task));
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          task.relations().kill(pid, Signals.SIGSTOP);
          assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task));
          tracing.resume(pid, Tracing.Resume.CONTINUE, Signals.SIGSTOP);
          assertEquals(
              WaitStatus.stopped(Signals.SIGSTOP | TraceOptions.EVENT_STOP << 8), await(task));
          tracing.listen(pid);
          assertErrno(Errno.ESRCH, () -> tracing.tracee(pid).signalInfo());
          task.relations().kill(pid, Signals.SIGCONT);
          assertEquals(WaitStatus.stopped(TRAP | TraceOptions.EVENT_STOP << 8), await(task));
          tracing.kill(pid);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  @Test
  void detachingFromAStoppedProcessLeavesItStopped() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = attached(task, pid);
          tracing.resume(pid, Tracing.Resume.CONTINUE, Signals.SIGSTOP);
          assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task));
          tracing.detach(pid, 0);
          KernelFixture.await(
              () -> fixture.kernel.task(pid).state() == TaskState.STOPPED || task.isKilled());
          task.relations().kill(pid, Signals.SIGKILL);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  @Test
  void aTraceesTracerThatEndsLetsItGoOrTakesItAlong() {
    for (boolean takes : new boolean[] {true, false}) {
      Script child = fixture.script().spin();
      fixture.onTask(
          task -> {
            int pid = fork(task, child);
            Script tracer =
                fixture
                    .script()
                    .does(
                        each ->
                            each.relations()
                                .tracing()
                                .seize(pid, takes ? TraceOptions.EXIT_KILL : 0))
                    .exit(0);
            int second = fork(task, tracer);
            WaitOptions options =
                new WaitOptions(WaitOptions.Selection.PROCESS, second, WaitOptions.WEXITED);
            task.relations().await(options);
            if (!takes) {
              assertEquals(TaskState.RUNNING, fixture.kernel.task(pid).state());
              task.relations().kill(pid, Signals.SIGTERM);
            }
            assertEquals(takes ? Signals.SIGKILL : Signals.SIGTERM, await(task));
            return 0;
          });
    }
  }

  @Test
  void aThreadThatIsTracedStopsAlone() {
    Script other = fixture.script().spin();
    Script child = fixture.script().call(task -> thread(task, other)).spin();
    tracing(
        child,
        (task, pid) -> {
          KernelFixture.await(
              () -> fixture.kernel.process(pid).tasks().size() == 2 || task.isKilled());
          int tid = fixture.kernel.process(pid).tasks().get(1).tid();
          Tracing tracing = task.relations().tracing();
          tracing.seize(tid, 0);
          tracing.interrupt(tid);
          assertEquals(tid, awaitResult(task).pid());
          assertEquals(TaskState.RUNNING, fixture.kernel.task(pid).state());
          tracing.detach(tid, 0);
          task.relations().kill(pid, Signals.SIGKILL);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  @Test
  void onlyTheSameUserOrThePrivilegedMayTrace() {
    Script stranger =
        fixture
            .script()
            .does(
                task -> {
                  int target = task.threadGroup().parentId();
                  task.setCredentials(TaskCredentials.of(1000, 1000));
                  assertErrno(Errno.EPERM, () -> task.relations().tracing().attach(target));
                  fixture.log.add("refused");
                })
            .exit(0);
    tracing(stranger, (task, pid) -> await(task));
    assertEquals(List.of("refused"), fixture.said());
  }

  @Test
  void aKilledTaskIsSeenToEndToo() {
    tracing(
        fixture.script().does(TracingScenarios::stopOnceTraced).spin(),
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 1 << TraceOptions.EVENT_EXIT);
          await(task);
          task.relations().kill(pid, Signals.SIGKILL);
          assertEquals(WaitStatus.stopped(TRAP | TraceOptions.EVENT_EXIT << 8), await(task));
          assertEquals(Signals.SIGKILL, tracing.tracee(pid).eventMessage());
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  @Test
  void whoIsHeldAtItsEndGoesAtTheNextSigkill() {
    tracing(
        fixture.script().does(TracingScenarios::stopOnceTraced).spin(),
        (task, pid) -> {
          task.relations().tracing().seize(pid, 1 << TraceOptions.EVENT_EXIT);
          await(task);
          task.relations().kill(pid, Signals.SIGKILL);
          assertEquals(WaitStatus.stopped(TRAP | TraceOptions.EVENT_EXIT << 8), await(task));
          task.relations().kill(pid, Signals.SIGKILL);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  @Test
  void noStopFollowsTheEntryOfExit() {
    tracing(
        fixture.script().does(TracingScenarios::stopOnceTraced).exit(12),
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 0);
          await(task);
          tracing.resume(pid, Tracing.Resume.SYSCALL, 0);
          assertEquals(WaitStatus.stopped(TRAP), await(task));
          tracing.resume(pid, Tracing.Resume.SYSCALL, 0);
          assertEquals(WaitStatus.exited(12), await(task));
        });
  }

  @Test
  void aProcessThatIsStoppedIsStoppedForItsTracerOnceAttached() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          task.relations().kill(pid, Signals.SIGSTOP);
          Task child = fixture.kernel.task(pid);
          KernelFixture.await(() -> child.state() == TaskState.STOPPED || task.isKilled());
          Tracing tracing = task.relations().tracing();
          tracing.attach(pid);
          assertEquals(TaskState.TRACED, child.state());
          assertErrno(Errno.EINVAL, () -> tracing.tracee(pid).signalInfo());
          tracing.detach(pid, 0);
          KernelFixture.await(() -> child.state() == TaskState.STOPPED || task.isKilled());
          task.relations().kill(pid, Signals.SIGKILL);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  @Test
  void tasksThatHoldEachOtherAtTheirEndsEndWithTheKernel() {
    AtomicInteger first = new AtomicInteger();
    AtomicInteger second = new AtomicInteger();
    fixture.onTask(
        task -> {
          first.set(fork(task, tracerOf(second)));
          second.set(fork(task, tracerOf(first)));
          for (AtomicInteger pid : List.of(first, second)) {
            Task child = fixture.kernel.task(pid.get());
            KernelFixture.await(() -> child.trace.isTraced() || task.isKilled());
          }
          for (AtomicInteger pid : List.of(first, second)) {
            Task child = fixture.kernel.task(pid.get());
            task.relations().kill(pid.get(), Signals.SIGKILL);
            KernelFixture.await(() -> child.state() == TaskState.TRACED || task.isKilled());
          }
          return 0;
        });
    fixture.kernel.close();
    assertNull(fixture.kernel.task(first.get()));
  }

  @Test
  void whoCouldNotTraceEverybodyIsKnownToExec() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Task child = fixture.kernel.task(pid);
          assertFalse(child.isTracedByUnprivileged());
          attached(task, pid);
          assertFalse(child.isTracedByUnprivileged());
          task.setCredentials(TaskCredentials.of(1000, 1000));
          assertTrue(child.isTracedByUnprivileged());
          task.relations().tracing().kill(pid);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  private Script tracerOf(AtomicInteger pid) {
    return fixture
        .script()
        .does(
            task -> {
              KernelFixture.await(() -> pid.get() != 0 || task.isKilled());
              task.relations().tracing().seize(pid.get(), 1 << TraceOptions.EVENT_EXIT);
            })
        .spin();
  }
}
