package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.handle;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.platform.Registers;

class TraceeTest extends TracingScenarios {

  private static void setRegisters(Tracee tracee, Registers values) {
    for (int index = 0; index < Registers.WORD_COUNT; index++) {
      tracee.setRegister(index, values.get(index));
    }
  }

  @Test
  void registersAreReadAndWrittenWhileTheTaskIsStopped() {
    Script elsewhere = fixture.script().exit(44);
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = attached(task, pid);
          Registers registers = new Registers();
          tracing.tracee(pid).copyRegisters(registers);
          registers.setRip(elsewhere.entry());
          registers.set(Registers.R15, 99);
          setRegisters(tracing.tracee(pid), registers);
          Registers after = new Registers();
          tracing.tracee(pid).copyRegisters(after);
          assertEquals(99, after.get(Registers.R15));
          registers.setFsBase(-1);
          assertErrno(Errno.EIO, () -> setRegisters(tracing.tracee(pid), registers));
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
          assertEquals(8, tracing.tracee(pid).peek(addr, MemorySegment.ofArray(word)));
          assertEquals(7, word[0]);
          word[0] = 21;
          assertEquals(8, tracing.tracee(pid).poke(addr, MemorySegment.ofArray(word)));
          assertErrno(Errno.EIO, () -> tracing.tracee(pid).peek(0x10, MemorySegment.ofArray(word)));
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(21), await(task));
        });
  }

  @Test
  void systemCallsStopAtEntryAndExitAndCanBeChanged() {
    Script child =
        fixture
            .script()
            .does(TracingScenarios::stopOnceTraced)
            .call(task -> 5)
            .does(task -> task.exitGroup((int) task.registers().rax()));
    tracing(
        child,
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, TraceOptions.SYSCALL_GOOD);
          assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task));
          tracing.resume(pid, Tracing.Resume.SYSCALL, 0);
          assertEquals(WaitStatus.stopped(TRAP | 0x80), await(task));
          assertEquals(Tracee.SyscallStop.ENTRY, tracing.tracee(pid).syscallStop());
          Registers registers = new Registers();
          tracing.tracee(pid).copyRegisters(registers);
          assertEquals(-38, registers.rax());
          tracing.resume(pid, Tracing.Resume.SYSCALL, 0);
          assertEquals(WaitStatus.stopped(TRAP | 0x80), await(task));
          assertEquals(Tracee.SyscallStop.EXIT, tracing.tracee(pid).syscallStop());
          tracing.tracee(pid).copyRegisters(registers);
          assertEquals(5, registers.rax());
          tracing.tracee(pid).setRegister(Registers.RAX, 17);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(17), await(task));
        });
  }

  @Test
  void aCallWhoseNumberIsTakenAwayIsNotMade() {
    Script child =
        fixture
            .script()
            .does(TracingScenarios::stopOnceTraced)
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
          tracing.tracee(pid).setRegister(Registers.ORIG_RAX, -1);
          tracing.tracee(pid).setRegister(Registers.RAX, 23);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.exited(23), await(task));
        });
  }

  @Test
  void anEmulatedCallIsNotMade() {
    Script child =
        fixture
            .script()
            .does(TracingScenarios::stopOnceTraced)
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
          tracing.tracee(pid).setRegister(Registers.RAX, 19);
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
            .does(TracingScenarios::stopOnceTraced)
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
          SignalInfo info = tracing.tracee(pid).signalInfo();
          assertEquals(SignalInfo.SI_USER, info.code());
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.stopped(Signals.SIGUSR1), await(task));
          tracing.resume(pid, Tracing.Resume.CONTINUE, Signals.SIGUSR2);
          assertEquals(WaitStatus.exited(2), await(task));
        });
    assertEquals(List.of("second"), fixture.said());
  }

  @Test
  void floatingPointStateIsReachedOnTheTraceesThread() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = attached(task, pid);
          byte[] state = new byte[576];
          state[100] = 42;
          tracing.tracee(pid).withContext(c -> c.loadFloatingPoint(MemorySegment.ofArray(state)));
          byte[] read = new byte[576];
          tracing.tracee(pid).withContext(c -> c.saveFloatingPoint(MemorySegment.ofArray(read)));
          assertEquals(42, read[100]);
          tracing.kill(pid);
          await(task);
          assertErrno(Errno.ESRCH, () -> tracing.tracee(pid).withContext(c -> {}));
        });
  }

  @Test
  void signalsThatWaitAreShownAndStay() {
    tracing(
        fixture.script().spin(),
        (task, pid) -> {
          Tracing tracing = attached(task, pid);
          Tracee tracee = tracing.tracee(pid);
          tracee.setSignalMask(SignalSet.bit(Signals.SIGUSR1) | SignalSet.bit(Signals.SIGKILL));
          assertEquals(SignalSet.bit(Signals.SIGUSR1), tracee.signalMask());
          task.relations().kill(pid, Signals.SIGUSR1);
          task.relations().killTask(pid, pid, Signals.SIGUSR1);
          for (boolean ofProcess : new boolean[] {true, false}) {
            List<SignalInfo> queued = tracee.queuedSignals(ofProcess);
            assertEquals(1, queued.size());
            int code = ofProcess ? SignalInfo.SI_USER : SignalInfo.SI_TKILL;
            assertEquals(code, queued.getFirst().code());
          }
          assertEquals(1, tracee.queuedSignals(true).size());
          tracing.kill(pid);
          assertEquals(Signals.SIGKILL, await(task));
        });
  }

  @Test
  void aSignalGetsAnotherContent() {
    Script onSignal =
        fixture.script().does(task -> fixture.log.add(fixture.machine.delivered(task))).sigreturn();
    Script child =
        fixture
            .script()
            .does(task -> handle(task, Signals.SIGUSR1, onSignal, 0))
            .does(TracingScenarios::stopOnceTraced)
            .does(task -> task.relations().kill(task.tid(), Signals.SIGUSR1))
            .exit(2);
    SignalInfo replacement = SignalInfo.user(Signals.SIGUSR1, 77, 78);
    tracing(
        child,
        (task, pid) -> {
          Tracing tracing = task.relations().tracing();
          tracing.seize(pid, 0);
          await(task);
          tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
          assertEquals(WaitStatus.stopped(Signals.SIGUSR1), await(task));
          tracing.tracee(pid).setSignalInfo(replacement);
          assertEquals(replacement, tracing.tracee(pid).signalInfo());
          tracing.resume(pid, Tracing.Resume.CONTINUE, Signals.SIGUSR1);
          assertEquals(WaitStatus.exited(2), await(task));
        });
    assertEquals(List.of(replacement), fixture.said());
  }

  @Test
  void selectorsThatAreNotThoseOfUserCodeAreRefused() {
    Registers registers = new Registers();
    for (int index : new int[] {Registers.CS, Registers.SS, Registers.DS, Registers.GS}) {
      assertErrno(Errno.EIO, () -> UserRegisters.put(registers, index, 0x10, 1L << 47));
    }
    assertErrno(Errno.EIO, () -> UserRegisters.put(registers, Registers.CS, 0, 1L << 47));
    UserRegisters.put(registers, Registers.DS, 0, 1L << 47);
    assertEquals(0, registers.get(Registers.DS));
  }

  @Test
  void aFilterOfCallsAsksTheTracerThatWantsToBeAsked() {
    Script child =
        fixture
            .script()
            .does(TracingScenarios::stopOnceTraced)
            .call(task -> task.askTracer(7) ? 3 : 0)
            .does(task -> task.exitGroup((int) task.registers().rax()));
    for (boolean asks : new boolean[] {true, false}) {
      tracing(
          child,
          (task, pid) -> {
            Tracing tracing = task.relations().tracing();
            tracing.seize(pid, asks ? 1 << TraceOptions.EVENT_SECCOMP : 0);
            await(task);
            tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
            if (asks) {
              int expected = TRAP | TraceOptions.EVENT_SECCOMP << 8;
              assertEquals(WaitStatus.stopped(expected), await(task));
              assertEquals(7, tracing.tracee(pid).eventMessage());
              assertEquals(Tracee.SyscallStop.SECCOMP, tracing.tracee(pid).syscallStop());
              tracing.resume(pid, Tracing.Resume.CONTINUE, 0);
            }
            assertEquals(WaitStatus.exited(asks ? 3 : 0), await(task));
          });
    }
  }
}
