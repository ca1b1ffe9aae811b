package org.usermem.itests.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usermem.itests.Execution;
import org.usermem.itests.guest.Compiler;
import org.usermem.itests.guest.Guest;

/**
 * A guest that takes as much as it can get of each thing there is gets an errno in the end, and
 * goes on after it has given back what it had.
 */
@Tag("slow")
class LimitsTest {

  private static final String KILLED = "usermem: out of memory: killed process \\d+\n";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void whateverAGuestTakesThereIsALimitToIt(String platform) {
    Path program = Compiler.compile(directory, "limits", "-pthread");
    Execution execution =
        Guest.run(
            directory,
            List.of(
                "--platform",
                platform,
                "--tasks",
                "300",
                "--memory",
                "256M",
                "--workdir",
                directory.toString()),
            program.toString(),
            "threads",
            "processes",
            "memory",
            "descriptors",
            "pipes",
            "directories",
            "arguments",
            "mounts",
            "mappings",
            "timers");
    String expected =
        """
        299 threads
        299 processes
        memory
        2997 descriptors
        2046 pipes
        directories
        arguments
        mounts
        mappings
        timers
        """;
    assertEquals(expected, execution.out(), execution.err());
    assertTrue(execution.err().matches(KILLED), execution.err());
    assertEquals(0, execution.exitCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void aForkBombLeavesRoomForTheFirstProcess(String platform) {
    String bomb = "b() { b | b & }; b; sleep 1; kill -9 -1; wait; echo over";
    Execution execution =
        Guest.run(
            directory, List.of("--platform", platform, "--tasks", "50"), "/bin/bash", "-c", bomb);
    assertEquals("over\n", execution.out(), execution.err());
    assertTrue(execution.err().contains("Resource temporarily unavailable"), execution.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void aProcessThatTakesAllMemoryIsKilledAndOthersRunOn(String platform) {
    String script =
        """
        python3 -c '
        a = []
        while True: a.append(bytearray(1 << 20))' &
        while kill -0 $! 2>/dev/null; do
          busybox true || true # may get ENOMEM
        done
        wait $!
        echo $?
        """;
    Execution execution =
        Guest.run(
            directory,
            List.of("--platform", platform, "--memory", "256M"),
            "/bin/sh",
            "-c",
            script);
    assertEquals("137\n", execution.out(), execution.err());
    assertEquals(0, execution.exitCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void aCallThatFindsNoMemoryIsCutShortAndThenFails(String platform) {
    String script =
        """
        import errno, mmap, os
        memory = memoryview(mmap.mmap(-1, 512 << 20))
        zero = os.open('/dev/zero', os.O_RDONLY)
        count = os.readv(zero, [memory])
        os.write(1, b'%d\\n' % (0 < count < 256 << 20))
        try:
            os.readv(zero, [memory[count:]])
        except OSError as e:
            os.write(1, b'%d\\n' % (e.errno == errno.EFAULT))
        """;
    Execution execution =
        Guest.run(
            directory,
            List.of("--platform", platform, "--memory", "256M"),
            "python3",
            "-c",
            script);
    assertEquals(new Execution(0, "1\n1\n", ""), execution);
  }
}
