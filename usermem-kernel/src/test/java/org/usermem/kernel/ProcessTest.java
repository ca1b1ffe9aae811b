package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.usermem.kernel.fixture.KernelFixture.fork;
import static org.usermem.kernel.fixture.KernelFixture.thread;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.access.Credentials;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceLimit;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.Signals;

@Timeout(60)
class ProcessTest {

  private static final WaitOptions ANY_CHILD =
      new WaitOptions(WaitOptions.Selection.ANY, 0, WaitOptions.WEXITED);

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  private static WaitResult await(Task task, WaitOptions options) {
    WaitResult result = task.relations().await(options);
    assertNotNull(result);
    return result;
  }

  @Test
  void theFirstProcessHasNumberOneOrMoreAndItsExitIsSeen() {
    Task task = fixture.start(fixture.script().exit(42));
    assertEquals(42, WaitStatus.shellCode(fixture.awaitExit(task)));
    assertEquals(task.tid(), task.processId());
  }

  @Test
  void aChildIsWaitedForWithItsStatus() {
    Script child = fixture.script().exit(7);
    fixture.run(
        fixture
            .script()
            .call(task -> fork(task, child))
            .does(
                task -> {
                  int pid = (int) task.registers().rax();
                  WaitResult result = await(task, ANY_CHILD);
                  fixture.log.add(result.pid() == pid);
                  fixture.log.add(result.status());
                  fixture.log.add(result.signalStatus());
                }));
    assertEquals(List.of(true, 7 << 8, 7), fixture.said());
  }

  @Test
  void waitingWithoutAChildFails() {
    fixture.onTask(task -> assertErrno(Errno.ECHILD, () -> task.relations().await(ANY_CHILD)));
  }

  @Test
  void waitingWithoutHangingReturnsNothingWhileTheChildRuns() {
    Script child = fixture.script().spin();
    fixture.run(
        fixture
            .script()
            .call(task -> fork(task, child))
            .does(
                task -> {
                  int pid = (int) task.registers().rax();
                  WaitOptions options =
                      new WaitOptions(
                          WaitOptions.Selection.PROCESS,
                          pid,
                          WaitOptions.WEXITED | WaitOptions.WNOHANG);
                  fixture.log.add(task.relations().await(options) == null);
                  task.relations().kill(pid, Signals.SIGKILL);
                  fixture.log.add(await(task, ANY_CHILD).status());
                }));
    assertEquals(List.of(true, Signals.SIGKILL), fixture.said());
  }

  @Test
  void aZombieStaysUntilItIsWaitedForWithoutNowait() {
    Script child = fixture.script().exit(3);
    fixture.run(
        fixture
            .script()
            .call(task -> fork(task, child))
            .does(
                task -> {
                  WaitOptions look =
                      new WaitOptions(
                          WaitOptions.Selection.ANY, 0, WaitOptions.WEXITED | WaitOptions.WNOWAIT);
                  int first = await(task, look).pid();
                  fixture.log.add(fixture.kernel.task(first).state() == TaskState.ZOMBIE);
                  fixture.log.add(await(task, ANY_CHILD).pid() == first);
                  fixture.log.add(fixture.kernel.task(first) == null);
                }));
    assertEquals(List.of(true, true, true), fixture.said());
  }

  @Test
  void childrenOfAParentThatIgnoresSigchldLeaveNoZombies() {
    Script child = fixture.script().exit(3);
    fixture.run(
        fixture
            .script()
            .does(
                task ->
                    task.signals()
                        .setAction(
                            Signals.SIGCHLD, new SignalAction(SignalAction.SIG_IGN, 0, 0, 0)))
            .call(task -> fork(task, child))
            .does(
                task -> {
                  assertErrno(Errno.ECHILD, () -> task.relations().await(ANY_CHILD));
                  fixture.log.add("none");
                }));
    assertEquals(List.of("none"), fixture.said());
  }

  @Test
  void orphansGoToTheFirstProcess() {
    Script grandchild = fixture.script().does(task -> awaitParent(task, 1)).exit(9);
    Script child = fixture.script().call(task -> fork(task, grandchild)).exit(0);
    fixture.run(
        fixture
            .script()
            .call(task -> fork(task, child))
            .does(
                task -> {
                  await(task, ANY_CHILD);
                  fixture.log.add(await(task, ANY_CHILD).signalStatus());
                }));
    assertEquals(List.of(9), fixture.said());
  }

  private static void awaitParent(Task task, int pid) {
    KernelFixture.await(() -> task.threadGroup().parentId() == pid || task.isKilled());
  }

  @Test
  void orphansGoToTheNearestSubreaper() {
    Script grandchild = fixture.script().exit(9);
    Script child = fixture.script().call(task -> fork(task, grandchild)).exit(8);
    Script reaper =
        fixture
            .script()
            .does(task -> task.threadGroup().setSubreaper(true))
            .call(task -> fork(task, child))
            .does(
                task -> {
                  int sum = await(task, ANY_CHILD).signalStatus();
                  sum += await(task, ANY_CHILD).signalStatus();
                  fixture.log.add(sum);
                })
            .exit(0);
    fixture.run(
        fixture.script().call(task -> fork(task, reaper)).does(task -> await(task, ANY_CHILD)));
    assertEquals(List.of(17), fixture.said());
  }

  @Test
  void aParentsEndSendsTheSignalThatTheChildAskedFor() {
    Script handler = fixture.script().does(task -> fixture.log.add("orphaned")).sigreturn();
    Script grandchild =
        fixture
            .script()
            .does(task -> KernelFixture.handle(task, Signals.SIGUSR1, handler, 0))
            .does(task -> task.relations().setParentDeathSignal(Signals.SIGUSR1))
            .does(task -> task.relations().kill(task.threadGroup().parentId(), Signals.SIGTERM))
            .call(task -> task.blocking().pause())
            .exit(0);
    Script child = fixture.script().call(task -> fork(task, grandchild)).spin();
    fixture.run(
        fixture
            .script()
            .call(task -> fork(task, child))
            .does(
                task -> {
                  await(task, ANY_CHILD);
                  await(task, ANY_CHILD);
                }));
    assertEquals(List.of("orphaned"), fixture.said());
  }

  @Test
  void theEndOfTheFirstProcessIsTheEndOfAll() {
    Script child = fixture.script().spin();
    Task init = fixture.start(fixture.script().call(task -> fork(task, child)).exit(0));
    fixture.awaitExit(init);
    KernelFixture.await(() -> fixture.kernel.tasksNow().isEmpty());
  }

  @Test
  void exitGroupEndsEveryThread() {
    Script other = fixture.script().spin();
    Task task =
        fixture.start(
            fixture.script().call(each -> thread(each, other)).does(each -> each.exitGroup(5)));
    assertEquals(WaitStatus.exited(5), fixture.awaitExit(task));
  }

  @Test
  void aProcessEndsWithItsLastThread() {
    Script other = fixture.script().does(task -> {}).does(task -> task.exit(0));
    Task task =
        fixture.start(
            fixture.script().call(each -> thread(each, other)).does(each -> each.exit(6)));
    assertEquals(WaitStatus.exited(6), fixture.awaitExit(task));
  }

  @Test
  void aLeaderThatEndedIsNotWaitedForWhileOthersRun() {
    Script runner = fixture.script().spin();
    Script child = fixture.script().call(task -> thread(task, runner)).does(task -> task.exit(1));
    fixture.run(
        fixture
            .script()
            .call(task -> fork(task, child))
            .does(
                task -> {
                  int pid = (int) task.registers().rax();
                  KernelFixture.await(() -> fixture.kernel.task(pid).state() == TaskState.ZOMBIE);
                  WaitOptions noHang =
                      new WaitOptions(
                          WaitOptions.Selection.ANY, 0, WaitOptions.WEXITED | WaitOptions.WNOHANG);
                  fixture.log.add(task.relations().await(noHang) == null);
                  task.relations().kill(pid, Signals.SIGKILL);
                  fixture.log.add(await(task, ANY_CHILD).status());
                }));
    assertEquals(List.of(true, Signals.SIGKILL), fixture.said());
  }

  @Test
  void forkPastTheLimitOnTasksFails() {
    Script child = fixture.script().spin();
    fixture.run(
        fixture
            .script()
            .does(
                task -> {
                  int made = 0;
                  try {
                    while (true) {
                      fork(task, child);
                      made++;
                    }
                  } catch (LinuxException e) {
                    fixture.log.add(e.errno());
                    fixture.log.add(made);
                  }
                }));
    assertEquals(List.of(Errno.EAGAIN, 63), fixture.said());
  }

  @Test
  void anOrdinaryUserIsHeldToItsLimitOfTasks() {
    Script child = fixture.script().spin();
    fixture.awaitExit(
        fixture.start(
            fixture
                .script()
                .does(
                    task -> {
                      limitTasks(task, 2);
                      fork(task, child);
                      assertErrno(Errno.EAGAIN, () -> fork(task, child));
                    }),
            TaskCredentials.of(1000, 1000)));
  }

  @Test
  void aTaskCountsForTheUserThatItHasBecome() {
    Script child = fixture.script().spin();
    fixture.awaitExit(
        fixture.start(
            fixture
                .script()
                .does(
                    task -> {
                      limitTasks(task, 1);
                      task.setCredentials(TaskCredentials.of(1000, 1000));
                      task.requireTasksWithinLimit();
                      assertErrno(Errno.EAGAIN, () -> fork(task, child));
                      limitTasks(task, 0);
                      task.setCredentials(TaskCredentials.of(1001, 1001));
                      assertErrno(Errno.EAGAIN, task::requireTasksWithinLimit);
                    })));
  }

  private static void limitTasks(Task task, long most) {
    task.threadGroup().limits().set(Resource.NPROC, new ResourceLimit(most, most), false);
  }

  @Test
  void vforkBlocksTheParentUntilTheChildEnds() {
    Script child = fixture.script().does(task -> fixture.log.add("child")).exit(0);
    fixture.run(
        fixture
            .script()
            .call(
                task ->
                    task.cloneTask(
                        new CloneOptions(
                            CloneOptions.CLONE_VM | CloneOptions.CLONE_VFORK,
                            Signals.SIGCHLD,
                            child.entry(),
                            0,
                            0,
                            0,
                            0,
                            0)))
            .does(task -> fixture.log.add("parent")));
    assertEquals(List.of("child", "parent"), fixture.said());
  }

  @Test
  void aFileThatFailsWhenItIsClosedDoesNotKeepItsProcessFromEnding() {
    Script child =
        fixture
            .script()
            .does(
                task -> {
                  task.files().install(0, failing(), false, 10);
                  task.files().install(0, fixture.open("/program", 0), false, 10);
                })
            .exit(11);
    fixture.run(
        fixture
            .script()
            .call(task -> fork(task, child))
            .does(task -> fixture.log.add(await(task, ANY_CHILD).status())));
    assertEquals(List.of(WaitStatus.exited(11)), fixture.said());
  }

  private FileDescription failing() {
    OpenRequest request = new OpenRequest(fixture.namespace.root(), 0, Credentials.ROOT);
    return new FileDescription(request) {
      @Override
      public void closing() {
        throw new IllegalStateException("a plug-in's mistake, made on purpose");
      }
    };
  }

  @Test
  void flagsThatDoNotGoTogetherAreRefused() {
    long[] invalid = {
      CloneOptions.CLONE_SIGHAND,
      CloneOptions.CLONE_THREAD | CloneOptions.CLONE_VM,
      CloneOptions.CLONE_THREAD,
      CloneOptions.CLONE_NEWNS | CloneOptions.CLONE_FS,
    };
    fixture.onTask(
        task -> {
          for (long flags : invalid) {
            CloneOptions options = new CloneOptions(flags, 0, 0, 0, 0, 0, 0, 0);
            assertErrno(Errno.EINVAL, () -> task.cloneTask(options));
          }
          return 0;
        });
  }

  @Test
  void theChildsNumberIsStoredAndClearedWhereItWasAskedFor() {
    Script child =
        fixture
            .script()
            .does(
                task ->
                    fixture.log.add(task.copyInInt(task.parts().clearChildTidAddr()) == task.tid()))
            .does(task -> task.exit(0));
    fixture.run(
        fixture
            .script()
            .does(
                task -> {
                  long addr = KernelFixture.mapAnonymous(task, 1);
                  long flags =
                      CloneOptions.CLONE_VM
                          | CloneOptions.CLONE_SIGHAND
                          | CloneOptions.CLONE_THREAD
                          | CloneOptions.CLONE_PARENT_SETTID
                          | CloneOptions.CLONE_CHILD_SETTID
                          | CloneOptions.CLONE_CHILD_CLEARTID;
                  int tid =
                      task.cloneTask(
                          new CloneOptions(flags, 0, child.entry(), 0, addr, addr, 0, 0));
                  while (task.copyInInt(addr) != 0) {
                    try {
                      task.futexes().await(addr, tid, -1, Long.MAX_VALUE, false);
                    } catch (LinuxException e) {
                      assertEquals(Errno.EAGAIN, e.errno());
                    }
                  }
                }));
    assertEquals(List.of(true), fixture.said());
  }

  @Test
  void aRequestedNumberIsGivenOrRefused() {
    Script child = fixture.script().exit(0);
    fixture.onTask(
        task -> {
          int tid =
              task.cloneTask(new CloneOptions(0, Signals.SIGCHLD, child.entry(), 0, 0, 0, 0, 4711));
          assertEquals(4711, tid);
          CloneOptions taken =
              new CloneOptions(0, Signals.SIGCHLD, child.entry(), 0, 0, 0, 0, task.tid());
          assertErrno(Errno.EEXIST, () -> task.cloneTask(taken));
          return 0;
        });
  }

  static long assertErrno(Errno expected, Runnable action) {
    assertEquals(expected, assertThrows(LinuxException.class, action::run).errno());
    return 0;
  }
}
