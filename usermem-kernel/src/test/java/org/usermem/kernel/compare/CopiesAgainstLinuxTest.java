package org.usermem.kernel.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.kernel.fixture.KernelFixture;

/**
 * Reads and writes between files and memory with holes, by a scripted task and by the real kernel:
 * every count, errno, file position and byte must agree. Needs a C compiler; skipped without one.
 */
@Timeout(600)
class CopiesAgainstLinuxTest {

  @TempDir static Path directory;

  private static Path driver;

  @BeforeAll
  static void compileTheDriver() throws IOException, InterruptedException {
    Path source = directory.resolve("driver.c");
    driver = directory.resolve("driver");
    try (InputStream text = CopiesAgainstLinuxTest.class.getResourceAsStream("driver.c")) {
      Files.copy(text, source);
    }
    int status;
    try {
      status =
          new ProcessBuilder("cc", "-O1", "-o", driver.toString(), source.toString())
              .inheritIO()
              .start()
              .waitFor();
    } catch (IOException e) {
      status = -1;
    }
    assumeTrue(status == 0, "no C compiler");
    assumeTrue(Files.isDirectory(Path.of("/dev/shm")), "no tmpfs at /dev/shm");
  }

  @Test
  void filesAgreeWithLinux() {
    compare(1, 60, false);
  }

  @Test
  void pipesAgreeWithLinux() {
    compare(1, 60, true);
  }

  @Test
  @Tag("slow")
  void filesAgreeWithLinuxForLong() {
    for (int round = 0; round < 20; round++) {
      compare(1000 + 1000L * round, 200, false);
    }
  }

  @Test
  @Tag("slow")
  void pipesAgreeWithLinuxForLong() {
    for (int round = 0; round < 20; round++) {
      compare(1000 + 1000L * round, 200, true);
    }
  }

  private static void compare(long firstSeed, int scripts, boolean withPipes) {
    List<String> lines = new ArrayList<>();
    for (long seed = firstSeed; seed < firstSeed + scripts; seed++) {
      lines.addAll(new CopyScripts(seed, withPipes).script(30));
    }
    List<String> expected = runByLinux(lines);
    List<String> actual = runByTask(lines);
    int result = 0;
    int start = 0;
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index);
      if (line.equals("reset")) {
        start = index;
      }
      if (line.matches("(reset|map|open|pipe|poke)\\b.*")) {
        continue;
      }
      if (!expected.get(result).equals(actual.get(result))) {
        List<String> replay = lines.subList(start, index + 1);
        assertEquals(
            expected.get(result), actual.get(result), () -> "\n" + String.join("\n", replay));
      }
      result++;
    }
    assertEquals(expected.size(), actual.size());
  }

  private static List<String> runByLinux(List<String> lines) {
    try {
      Process process =
          new ProcessBuilder(driver.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Thread feeder = Thread.ofPlatform().start(() -> feed(process, lines));
      List<String> output = process.inputReader(StandardCharsets.ISO_8859_1).lines().toList();
      feeder.join();
      assertEquals(0, process.waitFor());
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void feed(Process process, List<String> lines) {
    try (Writer writer = process.outputWriter(StandardCharsets.ISO_8859_1)) {
      for (String line : lines) {
        writer.write(line);
        writer.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> runByTask(List<String> lines) {
    List<String> output = new ArrayList<>();
    try (KernelFixture fixture = new KernelFixture()) {
      fixture.mountHost(directory);
      fixture.onTask(
          task -> {
            CopyInterpreter interpreter = new CopyInterpreter(fixture, task);
            output.addAll(interpreter.run(lines));
            interpreter.reset();
            return 0;
          });
    }
    return output;
  }
}
