package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.usermem.kernel.fixture.KernelFixture.fork;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.kernel.signal.Signals;

@Timeout(60)
class OutOfMemoryTest {

  private static final long MUCH = 0x1000_0000;
  private static final long LITTLE = 0x40_0000;

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Uses memory up to the last page; mapped is twice as much. */
  private void hog(Task task) {
    long pages = fixture.memoryFile.usage().limit() >> Addr.PAGE_SHIFT;
    task.memoryManager().mmap(KernelFixture.anonymousAt(MUCH, 2 * pages));
    byte[] one = {1};
    try {
      for (long page = 0; page < pages; page++) {
        long addr = MUCH + (page << Addr.PAGE_SHIFT);
        task.memoryManager().copyOutFully(addr, one, IOOpts.DEFAULT);
      }
    } catch (LinuxException e) {
      return;
    }
    throw new AssertionError("there is no end of memory");
  }

  @Test
  void theProcessWithTheMostMemoryIsKilledAndNotTheOneThatAsks() {
    Script child = fixture.script().does(this::hog).does(task -> fixture.log.add("full")).spin();
    Task parent =
        fixture.start(
            fixture
                .script()
                .does(task -> task.memoryManager().mmap(KernelFixture.anonymousAt(LITTLE, 64)))
                .call(task -> fork(task, child))
                .does(task -> KernelFixture.await(() -> fixture.said().contains("full")))
                .touch(LITTLE, AccessType.WRITE)
                .does(
                    task -> {
                      WaitResult result =
                          task.relations()
                              .await(
                                  new WaitOptions(
                                      WaitOptions.Selection.ANY, 0, WaitOptions.WEXITED));
                      assertNotNull(result);
                      assertEquals(WaitStatus.killed(Signals.SIGKILL, false), result.status());
                    })
                .exit(3));
    assertEquals(WaitStatus.exited(3), fixture.awaitExit(parent));
  }

  @Test
  void aProcessThatIsNeverToBeKilledIsNot() {
    Script child =
        fixture
            .script()
            .does(task -> task.threadGroup().setOomScoreAdjustment(-1000))
            .does(this::hog)
            .does(task -> fixture.log.add("full"))
            .spin();
    Task parent =
        fixture.start(
            fixture
                .script()
                .does(task -> task.memoryManager().mmap(KernelFixture.anonymousAt(LITTLE, 64)))
                .call(task -> fork(task, child))
                .does(task -> KernelFixture.await(() -> fixture.said().contains("full")))
                .touch(LITTLE, AccessType.WRITE));
    assertEquals(WaitStatus.killed(Signals.SIGKILL, false), fixture.awaitExit(parent));
  }

  @Test
  void aProcessThatHasItAllIsKilledItself() {
    Task task =
        fixture.start(fixture.script().does(this::hog).touch(MUCH + (300 << 20), AccessType.WRITE));
    assertEquals(WaitStatus.killed(Signals.SIGKILL, false), fixture.awaitExit(task));
  }
}
