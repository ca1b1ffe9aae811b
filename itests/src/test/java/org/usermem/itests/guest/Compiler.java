package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/** Compiles guest programs, which are C sources in {@code itests/src/test/guest}. */
public final class Compiler {
  private static final Path GCC = Path.of("/usr/bin/gcc");

  private Compiler() {}

  /**
   * Compiles a program to a static executable; the test is skipped where there is no compiler.
   *
   * @param directory where the executable goes
   * @param name the name of the source, without its ending
   * @param options more options of the compiler
   * @return the executable
   */
  public static Path compile(Path directory, String name, String... options) {
    assumeTrue(Files.isExecutable(GCC), "needs the package gcc");
    Path program = directory.resolve(name);
    List<String> command = new ArrayList<>(List.of(GCC.toString(), "-O1", "-static"));
    command.addAll(List.of(options));
    Path source = BuiltModules.sourceTree().resolve("itests/src/test/guest/" + name + ".c");
    command.addAll(List.of("-o", program.toString(), source.toString()));
    Execution execution = Execution.of(directory, command.toArray(String[]::new));
    assertEquals("", execution.err());
    return program;
  }
}
