package org.usermem.itests.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.fs.tmpfs.TmpfsType;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;
import org.usermem.sentry.SentryProcessBuilder;

/** A sandboxed program is a Process like any other. */
@Timeout(120)
class SentryProcessBuilderTest {

  private static final String BUSYBOX = "/bin/busybox";

  @TempDir private Path dir;

  @BeforeEach
  void requireBusybox() {
    assumeTrue(Files.isExecutable(Path.of(BUSYBOX)), "needs the package busybox-static");
  }

  private static SentryProcessBuilder busybox(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = BUSYBOX;
    System.arraycopy(words, 0, command, 1, words.length);
    return new SentryProcessBuilder(command);
  }

  @Test
  void outputIsReadAndTheExitCodeIsTheProgramsOwn() throws Exception {
    Process process = busybox("sh", "-c", "echo hello; echo oops >&2; exit 3").start();
    assertEquals("hello", process.inputReader().readLine());
    assertEquals("oops", process.errorReader().readLine());
    assertEquals(3, process.waitFor());
    assertFalse(process.isAlive());
    assertEquals(3, process.exitValue());
  }

  @Test
  void inputIsWritten() throws Exception {
    Process process = busybox("cat").start();
    try (Writer out = process.outputWriter()) {
      out.write("to and fro\n");
    }
    assertEquals("to and fro", process.inputReader().readLine());
    assertEquals(0, process.waitFor());
  }

  @Test
  void theHostIsNotChanged() throws Exception {
    Path file = dir.resolve("made");
    Process process = busybox("touch", file.toString()).start();
    assertEquals(0, process.waitFor());
    assertFalse(Files.exists(file));
  }

  @Test
  void directoriesOfTheHostCanBeMountedToBeChanged() throws Exception {
    Process process = busybox("touch", "/out/made").mount("/out", dir, true).start();
    assertEquals(0, process.waitFor());
    assertTrue(Files.exists(dir.resolve("made")));
  }

  @Test
  void fileSystemsAreMounted() throws Exception {
    Process process =
        busybox("sh", "-c", "echo x > /m/f && cat /m/f")
            .mount("/m", new TmpfsType(), "none", "")
            .start();
    assertEquals("x", process.inputReader().readLine());
    assertEquals(0, process.waitFor());
  }

  @Test
  void aProgramThatIsDestroyedEnds() throws Exception {
    Process process = busybox("sleep", "1000").start();
    assertTrue(process.isAlive());
    process.destroy();
    assertEquals(128 + 15, process.waitFor());
    Process other = busybox("sleep", "1000").start();
    other.destroyForcibly();
    assertTrue(other.waitFor(60, TimeUnit.SECONDS));
    assertEquals(128 + 9, other.exitValue());
  }

  @Test
  void itsHandleKnowsItsCommand() throws Exception {
    Process process = busybox("true").start();
    assertEquals(BUSYBOX, process.toHandle().info().command().orElseThrow());
    assertEquals(process, process.onExit().get(60, TimeUnit.SECONDS));
  }

  @Test
  void outputGoesToAFile() throws Exception {
    Path file = dir.resolve("out.txt");
    Process process = busybox("echo", "kept").redirectOutput(Redirect.to(file.toFile())).start();
    assertEquals(0, process.waitFor());
    assertEquals("kept\n", Files.readString(file));
  }

  @Test
  void aProgramThatIsNotThereIsAnIoException() {
    assertThrows(IOException.class, () -> new SentryProcessBuilder("/no/such/program").start());
  }

  @Test
  void theExampleRunsOnTheClassPathAndOnTheModulePath() {
    Path example = BuiltModules.sourceTree().resolve("examples/embedding/Sandbox.java");
    String modules = BuiltModules.modulePath().toString();
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    Execution compiled =
        Execution.of(
            dir,
            java + "/javac",
            "-proc:none",
            "-cp",
            modules + "/*",
            "-d",
            dir.toString(),
            example.toString());
    assertEquals(0, compiled.exitCode(), compiled.err());
    Execution onClassPath =
        Execution.of(
            dir,
            java + "/java",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            dir + ":" + modules + "/*",
            "Sandbox");
    assertEquals("9\n10\n", onClassPath.out(), onClassPath.err());
    Execution onModulePath =
        Execution.of(
            dir,
            java + "/java",
            "--enable-native-access=org.usermem.platform",
            "-p",
            modules,
            "--add-modules",
            "org.usermem.sentry",
            "-cp",
            dir.toString(),
            "Sandbox");
    assertEquals("9\n10\n", onModulePath.out(), onModulePath.err());
  }
}
