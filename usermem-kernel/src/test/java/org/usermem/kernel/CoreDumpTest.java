package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.Clocks;

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
        (task, info, state) -> {
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
        (task, info, state) -> {
          throw new AssertionError("a dump for " + info);
        });
    Script script = fixture.script().does(task -> raise(task, Signals.SIGTERM));
    assertEquals(WaitStatus.killed(Signals.SIGTERM, false), fixture.run(script));
  }

  @Test
  void otherThreadsWaitWithTheirRegistersUntilTheDumpIsWritten() {
    List<Integer> waiting = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    fixture.machine.setDumper(
        (task, info, state) -> {
          for (CoreState.Waiting each : state.awaitOthers()) {
            assertEquals(TaskLife.Phase.ALIVE, each.task().life.phase());
            assertNotEquals(0, each.task().registers().rip());
            waiting.add(each.task().tid());
          }
          return true;
        });
    Script sleeper =
        fixture.script().does(task -> task.blocking().until(() -> false, Clocks.NEVER));
    Script script =
        fixture
            .script()
            .does(
                task -> {
                  others.add(KernelFixture.thread(task, fixture.script().spin()));
                  others.add(KernelFixture.thread(task, sleeper));
                  raise(task, Signals.SIGQUIT);
                })
            .spin();
    assertEquals(WaitStatus.killed(Signals.SIGQUIT, true), fixture.run(script));
    assertEquals(others, waiting);
  }

  @Test
  void aDumperThatFailsLetsTheOthersEnd() {
    fixture.machine.setDumper((task, info, state) -> false);
    Script script =
        fixture
            .script()
            .does(
                task -> {
                  KernelFixture.thread(task, fixture.script().spin());
                  raise(task, Signals.SIGQUIT);
                })
            .spin();
    assertEquals(WaitStatus.killed(Signals.SIGQUIT, false), fixture.run(script));
  }

  @Test
  void memoryIsReadableWhileOtherThreadsEnd() {
    fixture.machine.setDumper((task, info, state) -> task.memoryManager().areas(true).size() > 0);
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
