package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.usermem.kernel.fixture.KernelFixture.fork;

import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.signal.Signals;

/** A task that traces its child, which runs a script. */
@Timeout(60)
abstract class TracingScenarios {

  static final int TRAP = Signals.SIGTRAP;

  final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  static int await(Task task) {
    return awaitResult(task).status();
  }

  static WaitResult awaitResult(Task task) {
    WaitResult result =
        task.relations()
            .await(
                new WaitOptions(
                    WaitOptions.Selection.ANY, 0, WaitOptions.WEXITED | WaitOptions.WALL));
    assertNotNull(result);
    return result;
  }

  void tracing(Script child, ObjIntConsumer<Task> tracer) {
    fixture.onTask(
        task -> {
          int pid = fork(task, child);
          tracer.accept(task, pid);
          return 0;
        });
  }

  /** What a tracee does that must not run away before it is seized. */
  static void stopOnceTraced(Task task) {
    KernelFixture.await(() -> task.trace.isTraced() || task.isKilled());
    task.relations().kill(task.tid(), Signals.SIGSTOP);
  }

  /** Attaches and waits for the stop. */
  static Tracing attached(Task task, int pid) {
    Tracing tracing = task.relations().tracing();
    tracing.attach(pid);
    assertEquals(WaitStatus.stopped(Signals.SIGSTOP), await(task));
    return tracing;
  }
}
