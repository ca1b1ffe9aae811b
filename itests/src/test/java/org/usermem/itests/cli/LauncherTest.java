package org.usermem.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/** {@code ./usermem}, from outside. */
class LauncherTest {

  @TempDir private Path directory;

  @Test
  void versionIsPrintedAndNothingElse() {
    Execution execution = usermem("--version");
    assertTrue(
        execution.out().matches("usermem \\d+\\.\\d+\\.\\d+ on Java 25.*\\n"), execution.out());
    assertEquals("", execution.err());
    assertEquals(0, execution.exitCode());
  }

  @Test
  void helpIsPrinted() {
    Execution execution = usermem("--help");
    assertTrue(execution.out().startsWith("Usage: usermem "), execution.out());
    assertEquals(0, execution.exitCode());
  }

  @Test
  void theExitCodeIsThatOfTheCommandLine() {
    assertEquals(2, usermem("--no-such-option").exitCode());
  }

  @Test
  void completionIsAScriptThatBashTakes() throws IOException {
    Path script = directory.resolve("completion");
    Files.writeString(script, usermem("completion").out());
    Execution execution =
        Execution.of(directory, "bash", "-c", ". ./completion && complete -p usermem");
    assertEquals("", execution.err());
    assertEquals("complete -o default -F _complete_usermem usermem\n", execution.out());
  }

  @Test
  void aLinkToTheLauncherFindsItsTree() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), launcher());
    assertEquals(0, Execution.of(directory, link.toString(), "--version").exitCode());
    Files.delete(link);
  }

  /** Bash drops the prompts from the environment of scripts. */
  @Test
  void thePromptsOfTheCallerAreTheGuestsToo() {
    Execution execution =
        Execution.of(
            directory,
            "env",
            "PS1=one> ",
            "PS2=two\n> ",
            launcher().toString(),
            "run",
            "--",
            "/bin/busybox",
            "env");
    assertTrue(execution.out().contains("PS1=one> \n"), execution.out() + execution.err());
    assertTrue(execution.out().contains("PS2=two\n> \n"), execution.out());
  }

  @Test
  @Tag("slow")
  void whatIsMissingOrStaleIsBuiltFirst() throws IOException {
    Path tree = directory.resolve("tree");
    Files.createDirectory(tree);
    Execution copy =
        Execution.of(
            BuiltModules.sourceTree(),
            "bash",
            "-c",
            "tar -c --exclude=target --exclude=./.git --exclude=./.cache . | tar -x -C \"$0\"",
            tree.toString());
    assertEquals(0, copy.exitCode(), copy.err());
    String launcher = tree.resolve("usermem").toString();

    Execution first = Execution.of(directory, launcher, "--version");
    assertEquals(0, first.exitCode(), first.err());
    assertTrue(first.err().contains("usermem: building usermem API"), first.err());
    assertTrue(first.out().startsWith("usermem "), first.out());

    assertEquals("", Execution.of(directory, launcher, "--version").err());

    Path source = tree.resolve("usermem-api/src/main/java/org/usermem/addr/Addr.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
    assertTrue(
        Execution.of(directory, launcher, "--version").err().contains("building usermem API"));

    Files.writeString(source, "no Java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(600)));
    Execution broken = Execution.of(directory, launcher, "--version");
    assertEquals(125, broken.exitCode());
    assertTrue(broken.err().contains("Addr.java"), broken.err());
    assertEquals("", broken.out());
  }

  @ParameterizedTest
  @CsvSource({
    "JAVA_VERSION=\"25\", true",
    "JAVA_VERSION=\"25.0.3\", true",
    "JAVA_VERSION=\"25-ea\", true",
    "JAVA_VERSION=\"17.0.15\", false",
    "JAVA_VERSION=\"250.1\", false",
    "JAVA_VERSION=\"26\", false",
  })
  void theReleaseFileTellsWhetherADirectoryIsAJdk25(String line, boolean expected)
      throws IOException {
    Path home = directory.resolve("jdk");
    Files.createDirectories(home.resolve("bin"));
    for (String tool : new String[] {"java", "javac"}) {
      Files.createFile(
          home.resolve("bin").resolve(tool),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\n" + line + "\n");
    Execution execution =
        Execution.of(
            BuiltModules.sourceTree(),
            "bash",
            "-c",
            "source build/jdk25.sh; is_jdk25 \"$0\"",
            home.toString());
    assertEquals(expected ? 0 : 1, execution.exitCode(), execution.err());
  }

  @Test
  void aJreIsNotEnough() throws IOException {
    Files.createDirectories(directory.resolve("bin"));
    Files.writeString(directory.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
    assertEquals(
        1,
        Execution.of(
                BuiltModules.sourceTree(),
                "bash",
                "-c",
                "source build/jdk25.sh; is_jdk25 \"$0\"",
                directory.toString())
            .exitCode());
  }

  private static Path launcher() {
    return BuiltModules.sourceTree().resolve("usermem");
  }

  private Execution usermem(String... args) {
    String[] command = new String[args.length + 1];
    command[0] = launcher().toString();
    System.arraycopy(args, 0, command, 1, args.length);
    return Execution.of(directory, command);
  }
}
