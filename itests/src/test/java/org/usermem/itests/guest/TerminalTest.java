package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/**
 * A terminal driven from outside, as a person would: what is typed reaches the program in the
 * sentry, what that shows is seen, and afterwards the terminal is as it was. {@code terminal.py}
 * has the scenarios.
 */
@Tag("slow")
class TerminalTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "bash, systrap",
    "bash, ptrace",
    "dash, systrap",
    "size, systrap",
    "size, ptrace",
    "editor, systrap",
    "pager, systrap",
    "interpreter, systrap",
    "program, systrap",
    "early, systrap"
  })
  void aTerminalIsATerminal(String scenario, String platform) throws IOException {
    Path driver = directory.resolve("terminal.py");
    try (InputStream text = TerminalTest.class.getResourceAsStream("terminal.py")) {
      Files.copy(text, driver);
    }
    String usermem = BuiltModules.sourceTree().resolve("usermem").toString();
    Execution execution =
        Execution.of(
            directory,
            "python3",
            driver.toString(),
            scenario,
            usermem,
            "run",
            "--platform",
            platform,
            "--");
    assertEquals(new Execution(0, "", ""), execution);
  }
}
