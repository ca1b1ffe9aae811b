package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/** A guest is recorded, and the recording is summed up. */
class RecordingTest {

  @TempDir private Path directory;

  private Execution stats(String file) {
    return Execution.of(
        directory, BuiltModules.sourceTree().resolve("usermem").toString(), "stats", file);
  }

  @Test
  void whatAGuestDoesIsInTheRecording() {
    String file = directory.resolve("guest.jfr").toString();
    Execution run =
        Guest.run(
            directory,
            List.of("--jfr", file),
            "/bin/busybox",
            "sh",
            "-c",
            "i=0; while [ $i -lt 300 ]; do echo $i; i=$((i+1)); done");
    assertEquals(300, run.out().lines().count());
    Execution stats = stats(file);
    assertEquals(0, stats.exitCode(), stats.err());
    for (String kind :
        List.of(
            "write ", "copy from programs ", "copy to programs ", "fault -w- handled ", "mmap ")) {
      assertTrue(stats.out().lines().anyMatch(line -> line.startsWith(kind)), stats.out());
    }
    String writes =
        stats.out().lines().filter(line -> line.startsWith("write ")).findFirst().orElseThrow();
    int calls = Integer.parseInt(writes.substring(24).strip().split(" ")[0]);
    assertTrue(calls > 100 && calls <= 400, writes);
  }

  @Test
  void aFileThatIsNoRecordingIsOneClearLine() {
    Execution stats = stats("/bin/busybox");
    assertEquals(1, stats.exitCode());
    assertEquals(1, stats.err().lines().count(), stats.err());
  }
}
