package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/**
 * The shell of usermem at a terminal: completion, history, editing, Control-C and Control-D. {@code
 * shell.py} types, with the terminal of {@code terminal.py}.
 */
@Tag("slow")
class ShellTerminalTest {

  @TempDir private Path directory;

  @Test
  void theShellIsTalkedToAtATerminal() throws IOException {
    for (String name : new String[] {"terminal.py", "shell.py"}) {
      try (InputStream text = ShellTerminalTest.class.getResourceAsStream(name)) {
        Files.copy(text, directory.resolve(name));
      }
    }
    String usermem = BuiltModules.sourceTree().resolve("usermem").toString();
    assertEquals(
        new Execution(0, "", ""),
        Execution.of(
            directory, "python3", directory.resolve("shell.py").toString(), usermem, "shell"));
  }
}
