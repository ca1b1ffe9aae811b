package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.fork;
import static org.usermem.kernel.fixture.KernelFixture.handle;
import static org.usermem.kernel.fixture.KernelFixture.thread;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.platform.Registers;

@Timeout(60)
class TracingTest {

  private static final int TRAP = Signals.SIGTRAP;

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  private static int await(Task task) {
    return awaitResult(task).status();
  }

  private static WaitResult awaitResult(Task task) {
    WaitResult result =
        task.relations()
            .await(
                new WaitOptions(
                    WaitOptions.Selection.ANY, 0, WaitOptions.WEXITED | WaitOptions.WALL));
    assertNotNull(result);
    return result;
  }

  private void tracing(Script child, ObjIntConsumer<Task> tracer) {
    fixture.onTask(
        task -> {
          int pid = fork(task, child);
          tracer.accept(task, pid);
          return 0;
        });
  }

  /** What a tracee does that must not run away before it is seized. */
  private static void stopOnceTraced(Task task) {
    KernelFixture.await(() -> task.trace.isTraced() || task.isKilled());
    task.relations().kill(task.tid(), Signals.SIGSTOP);
  }

  /** Attaches and waits for the stop. */
  private static Tracing attached(Task task, int pid) {
    Tracing tracing = task.relations().tracing();
    tracing.attach(pid);
    assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task));
    return tracing;
  }

  @Test
  void anAttachedTaskStopsAndRunsOn() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = attached(task, pid);
          assertEquals(TaskState.TRACED, fixture.kernel.task(pid).state());
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertErrno(Errno.ESRCH, () -> tracing.eventMessage(pid));
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
  void registersAreReadAndWrittenWhileTheTaskIsStopped() {
    Script elsewhere = fixture.script().exit(44);
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = attached(task, pid);
          Registers registers = new Registers();
          tracing.getRegisters(pid, registers);
          registers.setRip(elsewhere.entry());
          registers.set(Registers.R15, 99);
          tracing.setRegisters(pid, registers);
          Registers after = new Registers();
          tracing.getRegisters(pid, after);
          assertEquals(99, after.get(Registers.R15));
          registers.setFsBase(-1);
          assertErrno(Errno.EIO, () -> tracing.setRegisters(pid, registers));
          tracing.detach(pid, 0);
          assertEquals(WaitStatus.exited(44), await(task));
        });
  }

  @Test
  void privilegedFlagsCanNotBeWritten() {
    Registers registers = new Registers();
    long before = registers.eflags();
    UserRegisters.put(registers, Registers.EFLAGS, -1, 1L << 47);
    assertEquals(0, registers.eflags() & 0x3000, "the I/O privilege level");
    UserRegisters.put(registers, Registers.EFLAGS, 0, 1L << 47);
    assertEquals(before & 0x200, registers.eflags() & 0x200, "interrupts stay on");
  }

  @Test
  void memoryIsWrittenWhateverItsProtections() {
    long addr = 0x40_0000;
    Script child =
        fixture
            .script()
            .does(
                task -> {
                  task.memoryManager().mmap(KernelFixture.anonymousAt(addr, 1));
                  task.copyOutLong(addr, 7);
                  task.memoryManager().mprotect(addr, 4096, AccessType.READ, false);
                  stopOnceTraced(task);
                })
            .call(task -> task.copyInLong(addr))
            .does(task -> task.exitGroup((int) task.registers().rax()));
    tracing(
        child,
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 0);
          assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task));
          byte[] word = new byte[8];
          assertEquals(8, tracing.peek(pid, addr, MemorySegment.ofArray(word)));
          assertEquals(7, word[0]);
          word[0] = 21;
          assertEquals(8, tracing.poke(pid, addr, MemorySegment.ofArray(word)));
          assertErrno(Errno.EIO, () -> tracing.peek(pid, 0x10, MemorySegment.ofArray(word)));
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(21), await(task));
        });
  }

  @Test
  void systemCallsStopAtEntryAndExitAndCanBeChanged() {
    Script child =
        fixture
            .script()
            .does(TracingTest::stopOnceTraced)
            .call(task -> 5)
            .does(task -> task.exitGroup((int) task.registers().rax()));
    tracing(
        child,
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, Tracing.O_TRACESYSGOOD);
          assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task));
          tracing.resume(pid, Tracing.Resume.SYSCALL, 0);
          assertEquals(WaitStatus.stopped(TRAP | 0x80), await(task));
          assertEquals(1, tracing.syscallStop(pid));
          Registers registers = new Registers();
          tracing.getRegisters(pid, registers);
          assertEquals(-38, registers.rax());
          tracing.resume(pid, Tracing.Resume.SYSCALL, 0);
          assertEquals(WaitStatus.stopped(TRAP | 0x80), await(task));
          assertEquals(2, tracing.syscallStop(pid));
          tracing.getRegisters(pid, registers);
          assertEquals(5, registers.rax());
          tracing.setRegister(pid, Registers.RAX, 17);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(17), await(task));
        });
  }

  @Test
  void aCallWhoseNumberIsTakenAwayIsNotMade() {
    Script child =
        fixture
            .script()
            .does(TracingTest::stopOnceTraced)
            .does(task -> fixture.log.add(new AssertionError("the call was made")))
            .does(task -> task.exitGroup((int) task.registers().rax()));
    tracing(
        child,
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 0);
          await(task);
          tracing.resume(pid, Tracing.Resume.SYSCALL, 0);
          assertEquals(WaitStatus.stopped(TRAP), await(task));
          tracing.setRegister(pid, Registers.ORIG_RAX, -1);
          tracing.setRegister(pid, Registers.RAX, 23);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(23), await(task));
        });
  }

  @Test
  void anEmulatedCallIsNotMade() {
    Script child =
        fixture
            .script()
            .does(TracingTest::stopOnceTraced)
            .does(task -> fixture.log.add(new AssertionError("the call was made")))
            .does(task -> task.exitGroup((int) task.registers().rax()));
    tracing(
        child,
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 0);
          await(task);
          tracing.resume(pid, Tracing.Resume.EMULATE, 0);
          assertEquals(WaitStatus.stopped(TRAP), await(task));
          tracing.setRegister(pid, Registers.RAX, 19);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(19), await(task));
        });
  }

  @Test
  void aSignalCanBeSuppressedOrReplaced() {
    Script onSecond = fixture.script().does(task -> fixture.log.add("second")).sigreturn();
    Script child =
        fixture
            .script()
            .does(task -> handle(task, Signals.SIGUSR2, onSecond, 0))
            .does(TracingTest::stopOnceTraced)
            .does(task -> task.relations().kill(task.tid(), Signals.SIGTERM))
            .does(task -> task.relations().kill(task.tid(), Signals.SIGUSR1))
            .exit(2);
    tracing(
        child,
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 0);
          await(task);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.stopped(Signals.SIGTERM), await(task));
          SignalInfo info = tracing.signalInfo(pid);
          assertEquals(SignalInfo.SI_USER, info.code());
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.stopped(Signals.SIGUSR1), await(task));
          tracing.resume(pid, Tracing.Resume.CONTINUE, Signals.SIGUSR2);
          assertEquals(WaitStatus.exited(2), await(task));
        });
    assertEquals(List.of("second"), fixture.said());
  }

  @Test
  void forksAreReportedAndTheChildIsTracedToo() {
    Script grandchild = fixture.script().exit(3);
    Script child =
        fixture
            .script()
            .does(TracingTest::stopOnceTraced)
            .call(task -> fork(task, grandchild))
            .exit(2);
    tracing(
        child,
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 1 << Tracing.EVENT_FORK);
          await(task);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          int newborn = 0;
          for (int stop = 0; stop < 2; stop++) {
            WaitResult result = awaitResult(task);
            if (result.pid() == pid) {
              assertEquals(WaitStatus.stopped(TRAP | Tracing.EVENT_FORK << 8), result.status());
              newborn = (int) tracing.eventMessage(pid);
            } else {
              assertEquals(WaitStatus.stopped(TRAP | Tracing.EVENT_STOP << 8), result.status());
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
              .does(TracingTest::stopOnceTraced)
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
            tracing.setOptions(pid, asEvent ? 1 << Tracing.EVENT_EXEC : 0);
            tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
            int expected = asEvent ? TRAP | Tracing.EVENT_EXEC << 8 : TRAP;
            assertEquals(WaitStatus.stopped(expected), await(task));
            tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
            assertEquals(WaitStatus.exited(6), await(task));
          });
    }
  }

  @Test
  void theEndIsReportedBeforeItHappens() {
    tracing(
        fixture.script().does(TracingTest::stopOnceTraced).exit(12),
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 1 << Tracing.EVENT_EXIT);
          await(task);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.stopped(TRAP | Tracing.EVENT_EXIT << 8), await(task));
          assertEquals(WaitStatus.exited(12), tracing.eventMessage(pid));
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
          assertEquals(WaitStatus.stopped(TRAP | Tracing.EVENT_STOP << 8), await(task));
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          task.relations().kill(pid, Signals.SIGSTOP);
          assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task));
          tracing.resume(pid, Tracing.Resume.CONTINUE, Signals.SIGSTOP);
          assertEquals(WaitStatus.stopped(Signals.SIGSTOP | Tracing.EVENT_STOP << 8), await(task));
          tracing.listen(pid);
          assertErrno(Errno.ESRCH, () -> tracing.signalInfo(pid));
          task.relations().kill(pid, Signals.SIGCONT);
          assertEquals(WaitStatus.stopped(TRAP | Tracing.EVENT_STOP << 8), await(task));
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
                            each.relations().tracing().seize(pid, takes ? Tracing.O_EXITKILL : 0))
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
  void floatingPointStateIsReachedOnTheTraceesThread() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = attached(task, pid);
          byte[] state = new byte[576];
          state[100] = 42;
          tracing.withContext(pid, c -> c.loadFloatingPoint(MemorySegment.ofArray(state)));
          byte[] read = new byte[576];
          tracing.withContext(pid, c -> c.saveFloatingPoint(MemorySegment.ofArray(read)));
          assertEquals(42, read[100]);
          tracing.kill(pid);
          await(task);
          assertErrno(Errno.ESRCH, () -> tracing.withContext(pid, c -> {}));
        });
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
}
