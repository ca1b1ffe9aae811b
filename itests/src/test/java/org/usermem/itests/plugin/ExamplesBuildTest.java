package org.usermem.itests.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.itests.BuiltModules;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyReader;
import org.usermem.sentry.assembly.PluginServices;
import org.usermem.sentry.plugin.PluginState;
import org.usermem.sentry.plugin.PluginStatus;

/**
 * The builds of examples/ and of a new plug-in, as somebody has them who has nothing of usermem but
 * the jars that it publishes; with the contract tests of the plug-ins.
 */
@Tag("slow")
class ExamplesBuildTest {

  private static final String VERSION = System.getProperty("usermem.version");

  @TempDir private static Path dir;

  private static Path localRepository;
  private static Path examples;

  @BeforeAll
  static void copy() throws IOException {
    localRepository = localRepository();
    examples = dir.resolve("examples");
    Path source = BuiltModules.sourceTree().resolve("examples");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Path below = source.relativize(file);
        if (!contains(below, "target")) {
          Files.copy(file, examples.resolve(below.toString()));
        }
      }
    }
  }

  /** Before the directory is deleted, so that nobody can take the links for what they lead to. */
  @AfterAll
  static void unlink() throws IOException {
    for (Path directory : List.of(localRepository, localRepository.resolve("org"))) {
      try (Stream<Path> entries = Files.list(directory)) {
        for (Path entry : entries.filter(Files::isSymbolicLink).toList()) {
          Files.delete(entry);
        }
      }
    }
  }

  private static boolean contains(Path path, String name) {
    for (Path each : path) {
      if (each.toString().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A local repository with the plug-ins and libraries of the one that this build uses, so that
   * nothing is loaded twice, and with what {@code mvn install} would put there, so that the latter
   * stays as it is.
   */
  private static Path localRepository() throws IOException {
    Path used = Path.of(System.getProperty("usermem.localRepository"));
    Path made = Files.createDirectory(dir.resolve("repository"));
    linkAll(used, made, "org");
    linkAll(used.resolve("org"), Files.createDirectory(made.resolve("org")), "usermem");
    publish(made, "usermem", "pom.xml", "pom");
    for (String module : List.of("usermem-api", "usermem-fs", "usermem-fs-testkit")) {
      publish(made, module, module + "/pom.xml", "pom");
      publish(made, module, module + "/target/" + module + "-" + VERSION + ".jar", "jar");
    }
    return made;
  }

  private static void linkAll(Path from, Path to, String but) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        if (!entry.endsWith(but)) {
          Files.createSymbolicLink(to.resolve(entry.getFileName().toString()), entry);
        }
      }
    }
  }

  private static void publish(Path repository, String artifact, String file, String extension)
      throws IOException {
    Path place = repository.resolve("org/usermem").resolve(artifact).resolve(VERSION);
    Files.createDirectories(place);
    Files.copy(
        BuiltModules.sourceTree().resolve(file),
        place.resolve(artifact + "-" + VERSION + "." + extension));
  }

  private static void run(Path in, String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(dir, "output", null);
    Process process =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    int code = process.waitFor();
    String said = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertEquals(0, code, () -> Arrays.toString(command) + "\n" + said);
  }

  private static void buildPackage(Path project) throws IOException, InterruptedException {
    run(
        project,
        System.getProperty("usermem.maven"),
        "--batch-mode",
        "--no-transfer-progress",
        "-Dmaven.repo.local=" + localRepository,
        "package");
  }

  @Test
  void theExamplesBuildPassTheirContractsAndRun() throws Exception {
    buildPackage(examples);
    assertTrue(ran("rowfs/target/surefire-reports", "RowFileSystemContractTest"));
    assertTrue(ran("dice/target/surefire-reports", "DiceContractTest"));
    try (Assembly assembly =
        Assembly.start(
            AssemblyReader.read(examples.resolve("assembly.txt")), PluginServices.TYPES, e -> {})) {
      assertEquals(
          List.of(PluginState.ACTIVE, PluginState.ACTIVE),
          assembly.plugins().list().stream().map(PluginStatus::state).toList());
    }
    String usermem = BuiltModules.sourceTree().resolve("usermem").toString();
    run(examples, usermem, "assemble", "assembly.txt");
    run(examples, usermem, "run", "--assembly", "assembly.txt", "--", "/bin/cat", "/proc/version");
  }

  private static boolean ran(String reports, String test) throws IOException {
    try (Stream<Path> files = Files.list(examples.resolve(reports))) {
      return files.anyMatch(file -> file.toString().endsWith(test + ".txt"));
    }
  }

  @Test
  void aNewPluginBuildsAndStarts() throws Exception {
    Path project = dir.resolve("tarfs");
    run(dir, examples.resolve("new-plugin").toString(), project.toString(), "org.example.tarfs");
    buildPackage(project);
    Path assembled = dir.resolve("new.txt");
    Files.writeString(assembled, "assembly 1\nbundle tarfs/target/tarfs-0.1.0.jar\n");
    try (Assembly assembly =
        Assembly.start(AssemblyReader.read(assembled), PluginServices.TYPES, e -> {})) {
      PluginStatus status = assembly.plugins().list().getFirst();
      assertEquals(PluginState.ACTIVE, status.state());
      assertEquals("plugin", status.layers().get("org.example.tarfs"));
    }
  }
}
