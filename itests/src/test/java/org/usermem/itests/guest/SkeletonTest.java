package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.itests.Execution;

/** The thinnest program through every module. */
class SkeletonTest {

  @TempDir private Path directory;

  @Test
  void aStaticProgramRunsAndItsOutputArrives() {
    Execution execution = Guest.run(directory, "/bin/busybox", "echo", "hi");
    assertEquals(new Execution(0, "hi\n", ""), execution);
  }

  @Test
  void theExitCodeIsTheProgramsOwn() {
    assertEquals(7, Guest.run(directory, "/bin/busybox", "sh", "-c", "exit 7").exitCode());
  }

  @Test
  void aSignalThatEndsTheProgramShowsInTheExitCode() {
    Execution execution = Guest.run(directory, "/bin/busybox", "sh", "-c", "kill -TERM $$");
    assertEquals(128 + 15, execution.exitCode());
  }

  @Test
  void aProgramThatDoesNotExistIsOneClearLine() {
    Execution execution = Guest.run(directory, "/no/such/program");
    assertEquals(
        new Execution(127, "", "usermem: /no/such/program: No such file or directory\n"),
        execution);
  }

  @Test
  void whatAProgramHasMappedIsShownAsItEnds() {
    Execution execution =
        Guest.run(
            directory, List.of("--maps-at-exit"), "/bin/busybox", "sh", "-c", "(exit 3); exit 4");
    assertEquals(4, execution.exitCode());
    String stack = "[0-9a-f]+-[0-9a-f]+ rw-p 00000000 00:00 0 +\\[stack\\]";
    assertEquals(1, execution.err().lines().filter(each -> each.matches(stack)).count());
  }

  @Test
  void theFilesOfTheKernelCanBeMountedElsewhereToo() {
    String script =
        "mkdir /m && for t in proc sysfs devtmpfs devpts; do mount -t $t none /m;"
            + " ls -d /m/self/comm /m/kernel/mm /m/null /m/ptmx 2>/dev/null; umount /m; done";
    assertEquals(
        new Execution(0, "/m/self/comm\n/m/kernel/mm\n/m/null\n/m/ptmx\n", ""),
        Guest.run(directory, "/bin/busybox", "sh", "-c", script));
  }

  @Test
  void aProgramIsLookedUpInThePathOfTheGuest() {
    Execution execution =
        Guest.run(directory, List.of("--env", "PATH=/nowhere:/bin"), "busybox", "echo", "hi");
    assertEquals(new Execution(0, "hi\n", ""), execution);
  }

  @Test
  void systemCallsAreShownAsStraceShowsThem() {
    Execution execution = Guest.run(directory, List.of("--strace"), "/bin/busybox", "echo", "hi");
    String line = "write(1, \"hi\\n\", 3) = 3";
    assertEquals(1, execution.err().lines().filter(each -> each.endsWith(line)).count());
  }
}
