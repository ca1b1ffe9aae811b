package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.signal.Signals;

@Timeout(120)
class CoreDumpTest {

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  private static void raise(Task task, int signo) {
    task.relations().kill(task.processId(), signo);
  }

  @Test
  void statusSaysThatThereIsADump() {
    fixture.machine.setDumper(
        (task, info) -> {
          fixture.log.add(info.signo());
          return true;
        });
    Script script = fixture.script().does(task -> raise(task, Signals.SIGQUIT));
    assertEquals(WaitStatus.killed(Signals.SIGQUIT, true), fixture.run(script));
    assertEquals(List.of(Signals.SIGQUIT), fixture.said());
  }

  @Test
  void statusSaysThatThereIsNone() {
    Script script = fixture.script().does(task -> raise(task, Signals.SIGSEGV));
    assertEquals(WaitStatus.killed(Signals.SIGSEGV, false), fixture.run(script));
  }

  @Test
  void otherSignalsLeaveNone() {
    fixture.machine.setDumper(
        (task, info) -> {
          throw new AssertionError("a dump for " + info);
        });
    Script script = fixture.script().does(task -> raise(task, Signals.SIGTERM));
    assertEquals(WaitStatus.killed(Signals.SIGTERM, false), fixture.run(script));
  }

  @Test
  void memoryIsReadableWhileOtherThreadsEnd() {
    fixture.machine.setDumper((task, info) -> task.memoryManager().areas(true).size() > 0);
    Script other = fixture.script().spin();
    Script script =
        fixture
            .script()
            .does(
                task -> {
                  KernelFixture.mapAnonymous(task, 1);
                  assertTrue(KernelFixture.thread(task, other) > 0);
                  raise(task, Signals.SIGABRT);
                })
            .spin();
    assertEquals(WaitStatus.killed(Signals.SIGABRT, true), fixture.run(script));
  }
}
