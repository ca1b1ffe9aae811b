package org.usermem.itests.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usermem.sentry.SentryProcessBuilder;

/** Many sentries in one JVM leave nothing behind and do not meet. */
@Tag("slow")
@Timeout(600)
class SentriesTest {

  private static final int COUNT = 10;

  /** Processes, a pipe, a file, a timer, a thread that waits, and what a shell does besides. */
  private static final String SCRIPT =
      "read x; echo $x > /tmp/f; (sleep 1000 &) ; cat /tmp/f | sed s/n/N/; exit 3";

  @BeforeEach
  void requireBusybox() {
    assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs the package busybox-static");
  }

  private static Process start(String platform) throws IOException {
    return new SentryProcessBuilder("/bin/busybox", "sh", "-c", SCRIPT)
        .platform(platform)
        .memory(64 << 20)
        .tasks(20)
        .start();
  }

  private static void finish(Process process, String word) throws Exception {
    try (Writer out = process.outputWriter()) {
      out.write(word + "\n");
    }
    assertEquals(word.replace('n', 'N'), process.inputReader().readLine());
    assertEquals(3, process.waitFor());
    process.inputReader().close();
    process.errorReader().close();
  }

  /** What the first sentry of a JVM makes once and for all is not a leak. */
  private static Footprint before(String platform) throws Exception {
    finish(start(platform), "n");
    Thread.sleep(100);
    return Footprint.now();
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void oneAfterTheOther(String platform) throws Exception {
    Footprint before = before(platform);
    long heap = usedHeap();
    for (int i = 0; i < COUNT; i++) {
      finish(start(platform), "one " + i);
    }
    Footprint.assertBackTo(before);
    long grown = usedHeap() - heap;
    assertTrue(grown < COUNT * 500_000L, () -> "the heap has grown by " + grown + " bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void sideBySide(String platform) throws Exception {
    Footprint before = before(platform);
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      all.add(start(platform));
    }
    for (int i = 0; i < COUNT; i++) {
      finish(all.get(i), "number " + i);
    }
    Footprint.assertBackTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void killedInTheMiddle(String platform) throws Exception {
    Footprint before = before(platform);
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      all.add(start(platform).destroyForcibly());
    }
    for (Process process : all) {
      assertEquals(128 + 9, process.waitFor());
      process.outputWriter().close();
      process.inputReader().close();
      process.errorReader().close();
    }
    Footprint.assertBackTo(before);
  }
}
