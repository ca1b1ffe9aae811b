package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.fork;
import static org.usermem.kernel.fixture.KernelFixture.handle;
import static org.usermem.kernel.fixture.KernelFixture.thread;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;

@Timeout(60)
class ExecTest {

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  private long execute(Task task) {
    FileDescription file = fixture.open("/program", OpenFlags.READ_ONLY);
    try {
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
    } finally {
      file.decRef();
    }
    return 0;
  }

  private void loads(Script program) {
    fixture.machine.setLoader(request -> fixture.image(program));
  }

  @Test
  void theNewProgramRunsInANewAddressSpaceUnderTheSameNumber() {
    loads(
        fixture
            .script()
            .does(
                task -> {
                  fixture.log.add(task.tid());
                  fixture.log.add(task.registers().rax());
                })
            .exit(4));
    Task task =
        fixture.start(
            fixture.script().does(each -> KernelFixture.mapAnonymous(each, 4)).call(this::execute));
    int tid = task.tid();
    assertEquals(WaitStatus.exited(4), fixture.awaitExit(task));
    assertEquals(List.of(tid, 0L), fixture.said());
  }

  @Test
  void aProgramThatCanNotBeLoadedLeavesTheOldOneAsItWas() {
    fixture.onTask(
        task -> {
          long addr = KernelFixture.mapAnonymous(task, 1);
          task.copyOutInt(addr, 5);
          assertErrno(Errno.ENOEXEC, () -> execute(task));
          assertEquals(5, task.copyInInt(addr));
          return 0;
        });
  }

  @Test
  void executingFromAThreadEndsAllOthersAndTakesTheLeadersNumber() {
    loads(fixture.script().does(task -> fixture.log.add(task.tid())).exit(9));
    Script executor = fixture.script().call(this::execute);
    Script bystander = fixture.script().spin();
    Task leader =
        fixture.start(
            fixture
                .script()
                .call(task -> thread(task, bystander))
                .call(task -> thread(task, bystander))
                .call(task -> thread(task, executor))
                .spin());
    int pid = leader.tid();
    assertEquals(WaitStatus.exited(9), fixture.awaitExit(leader));
    assertEquals(List.of(pid), fixture.said());
  }

  @Test
  void executingFromTheLeaderEndsAllOthers() {
    loads(
        fixture.script().does(task -> fixture.log.add(task.threadGroup().tasks().size())).exit(9));
    Script bystander = fixture.script().does(task -> task.blocking().pause());
    Task leader =
        fixture.start(
            fixture
                .script()
                .call(task -> thread(task, bystander))
                .call(task -> thread(task, bystander))
                .call(this::execute));
    assertEquals(WaitStatus.exited(9), fixture.awaitExit(leader));
    assertEquals(List.of(1), fixture.said());
  }

  @Test
  void twoThreadsThatExecuteAtOnceEndInOneProgram() {
    for (int round = 0; round < 50; round++) {
      loads(fixture.script().exit(9));
      Script executor = fixture.script().call(this::execute).spin();
      Task leader =
          fixture.start(
              fixture
                  .script()
                  .call(task -> thread(task, executor))
                  .call(task -> thread(task, executor))
                  .call(this::execute)
                  .spin());
      assertEquals(WaitStatus.exited(9), fixture.awaitExit(leader));
    }
  }

  @Test
  void anExitOfTheGroupAndAnExecAtOnceEndTheProcess() {
    for (int round = 0; round < 50; round++) {
      loads(fixture.script().exit(9));
      Script executor = fixture.script().call(this::execute).spin();
      Task leader = fixture.start(fixture.script().call(task -> thread(task, executor)).exit(5));
      int status = fixture.awaitExit(leader);
      assertTrue(status == WaitStatus.exited(9) || status == WaitStatus.exited(5));
    }
  }

  @Test
  void handlersAreResetAndIgnoredSignalsStayIgnored() {
    loads(
        fixture
            .script()
            .does(
                task -> {
                  fixture.log.add(task.signals().action(Signals.SIGUSR1).isDefault());
                  fixture.log.add(task.signals().action(Signals.SIGUSR2).isIgnore());
                  fixture.log.add(task.signals().mask() == SignalSet.of(Signals.SIGHUP));
                }));
    Script handler = fixture.script().sigreturn();
    fixture.run(
        fixture
            .script()
            .does(
                task -> {
                  handle(task, Signals.SIGUSR1, handler, 0);
                  task.signals()
                      .setAction(Signals.SIGUSR2, new SignalAction(SignalAction.SIG_IGN, 0, 0, 0));
                  task.signals().setMask(SignalSet.of(Signals.SIGHUP));
                })
            .call(this::execute));
    assertEquals(List.of(true, true, true), fixture.said());
  }

  @Test
  void descriptorsThatAreClosedOnExecAreGone() {
    loads(
        fixture
            .script()
            .does(
                task -> {
                  fixture.log.add(task.files().nextOpen(0));
                  fixture.log.add(task.files().nextOpen(1));
                }));
    fixture.run(
        fixture
            .script()
            .does(
                task -> {
                  install(task, true);
                  install(task, false);
                  install(task, true);
                })
            .call(this::execute));
    assertEquals(List.of(1, 1), fixture.said());
  }

  private void install(Task task, boolean closeOnExec) {
    task.files().install(0, fixture.open("/program", OpenFlags.READ_ONLY), closeOnExec, 1024);
  }

  @Test
  void aChildThatSharedDescriptorsHasItsOwnAfterwards() {
    loads(fixture.script().does(task -> task.files().closeRange(0, 100)).exit(0));
    Script child = fixture.script().call(this::execute);
    fixture.run(
        fixture
            .script()
            .does(task -> install(task, false))
            .call(
                task ->
                    task.cloneTask(
                        new CloneOptions(
                            CloneOptions.CLONE_FILES,
                            Signals.SIGCHLD,
                            child.entry(),
                            0,
                            0,
                            0,
                            0,
                            0)))
            .does(
                task -> {
                  assertNotNull(
                      task.relations()
                          .await(
                              new WaitOptions(WaitOptions.Selection.ANY, 0, WaitOptions.WEXITED)));
                  fixture.log.add(task.files().nextOpen(0));
                }));
    assertEquals(List.of(0), fixture.said());
  }

  @Test
  void vforkEndsWithTheExecution() {
    loads(fixture.script().spin());
    Script child = fixture.script().call(this::execute);
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
            .does(
                task -> {
                  Task other = fixture.kernel.task((int) task.registers().rax());
                  fixture.log.add(other.memoryManager() != task.memoryManager());
                }));
    assertEquals(List.of(true), fixture.said());
  }

  @Test
  void setpgidOfAChildThatHasExecutedIsRefused() {
    loads(fixture.script().does(task -> fixture.log.add("ready")).spin());
    Script child = fixture.script().call(this::execute);
    fixture.onTask(
        task -> {
          int pid = fork(task, child);
          KernelFixture.await(() -> !fixture.log.isEmpty() || task.isKilled());
          assertErrno(Errno.EACCES, () -> task.relations().setProcessGroup(pid, pid));
          return 0;
        });
  }
}
