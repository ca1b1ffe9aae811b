package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.kernel.ProcessTest.assertErrno;
import static org.usermem.kernel.fixture.KernelFixture.handle;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.WaitQueue;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.Clocks;

/**
 * What becomes of a call that a signal or a stop interrupts: signal(7), {@code ERESTARTSYS} and
 * kin.
 */
@Timeout(60)
class SyscallRestartTest {

  private static final int USR1 = Signals.SIGUSR1;

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  private Script sleeper(long flags, SyscallRestart how, AtomicInteger entries) {
    Script handler = fixture.handler();
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
  void interruptedOperationsOnFilesStartOver() {
    Script handler = fixture.handler();
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
