package org.usermem.sentry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class UsermemCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    CommandLine commandLine = UsermemCommand.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(args);
  }

  @Test
  void helpNamesEveryCommand() {
    assertEquals(0, execute("--help"));
    assertTrue(out.toString().startsWith("Usage: usermem"), out.toString());
    assertTrue(out.toString().contains("completion"), out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void versionIsThatOfTheBuild() {
    assertEquals(0, execute("--version"));
    assertTrue(
        out.toString().matches("usermem \\d+\\.\\d+\\.\\d+\\S* on Java 25.*\\R"), out.toString());
  }

  @Test
  void completionIsAScriptForTheWholeCommandLine() {
    assertEquals(0, execute("completion"));
    assertTrue(out.toString().contains("complete -F _complete_usermem"), out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void noCommandIsAnErrorOfUsage() {
    assertEquals(2, execute());
    assertEquals("usermem: Missing command (see usermem --help)\n", err.toString());
  }

  @Test
  void anUnknownCommandIsAnErrorOfUsage() {
    assertEquals(2, execute("nosuch"));
    assertTrue(err.toString().contains("nosuch"), err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--bogus | Unknown option: '--bogus'",
        "--mount x | a mount is TYPE:SOURCE:TARGET[:ro] with an absolute target, not 'x'",
        "--user x | a user is UID[:GID], not 'x'",
        "--memory x | a size is like 512M or 2G, not 'x'",
        "--tasks 0 | a number of tasks is 1 or more, not '0'",
        "--tasks x | a number of tasks is 1 or more, not 'x'",
        "--root /no/such | --root: there is no directory /no/such",
        "--env =x | a variable is NAME[=VALUE], not '=x'",
      })
  void aBadOptionIsOneLineThatSaysWhatIsWrong(String option, String message) {
    String[] words = ("run " + option + " -- /bin/true").split(" ");
    assertEquals(2, execute(words));
    assertEquals("usermem: " + message + " (see usermem run --help)\n", err.toString());
  }

  @Test
  void aRunWithoutAProgramIsAnErrorOfUsage() {
    assertEquals(2, execute("run", "--"));
    assertEquals("usermem: Missing program (see usermem run --help)\n", err.toString());
  }
}
