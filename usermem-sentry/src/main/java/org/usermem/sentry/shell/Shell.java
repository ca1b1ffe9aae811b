package org.usermem.sentry.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.usermem.sentry.control.Connection;

/**
 * Reads lines and runs them: from a terminal with editing, history and completion, or as they come.
 */
public final class Shell {

  private static final String PROMPT = "usermem> ";

  private final Connection connection;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * Creates a shell.
   *
   * @param connection the console that it runs commands of
   * @param out where text goes
   * @param err where it goes when something is wrong
   */
  public Shell(Connection connection, PrintStream out, PrintStream err) {
    this.connection = connection;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs lines, and ends with the first that goes wrong.
   *
   * @param lines the lines
   * @return whether all went well
   */
  public boolean run(List<String> lines) {
    try (Interpreter interpreter =
        new Interpreter(connection, InputStream.nullInputStream(), out, err, () -> false)) {
      for (String line : lines) {
        if (!interpreter.hasEnded() && !run(interpreter, line)) {
          return false;
        }
      }
      return true;
    }
  }

  private boolean run(Interpreter interpreter, String line) {
    if (line.isBlank() || line.strip().startsWith("#")) {
      return true;
    }
    String problem = interpreter.run(line);
    if (problem != null) {
      out.flush();
      err.println("usermem: " + problem);
      err.flush();
    }
    return problem == null;
  }

  /**
   * Runs what is read, to its end.
   *
   * @param in the lines
   * @return whether all went well
   */
  public boolean run(InputStream in) {
    boolean well = true;
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    try (Interpreter interpreter =
        new Interpreter(connection, InputStream.nullInputStream(), out, err, () -> false)) {
      String line = lines.readLine();
      while (line != null && !interpreter.hasEnded()) {
        well &= run(interpreter, line);
        line = lines.readLine();
      }
      return well;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Talks to somebody at the terminal of this process. Control-C ends the command that runs.
   *
   * @throws UncheckedIOException if the terminal, or the sentry, has gone
   */
  public void talk() {
    AtomicBoolean interrupted = new AtomicBoolean();
    // Without native code: the platform is the only module that may have it.
    try (Terminal terminal =
            TerminalBuilder.builder().system(true).provider("exec").dumb(true).build();
        Interpreter interpreter =
            new Interpreter(
                connection,
                InputStream.nullInputStream(),
                terminal.output(),
                terminal.output(),
                interrupted::get)) {
      terminal.handle(Terminal.Signal.INT, signal -> interrupted.set(true));
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("usermem")
              .completer(new WordCompleter(connection))
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      while (!interpreter.hasEnded()) {
        try {
          String line = reader.readLine(PROMPT);
          interrupted.set(false);
          String problem = line.isBlank() ? null : interpreter.run(line);
          if (problem != null) {
            terminal.writer().println(problem);
          }
        } catch (UserInterruptException e) {
          // A line that was given up.
        }
      }
    } catch (EndOfFileException e) {
      // Control-D.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
