package org.usermem.sentry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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
    assertTrue(err.toString().startsWith("Missing command"), err.toString());
  }

  @Test
  void anUnknownCommandIsAnErrorOfUsage() {
    assertEquals(2, execute("nosuch"));
    assertTrue(err.toString().contains("nosuch"), err.toString());
  }
}
