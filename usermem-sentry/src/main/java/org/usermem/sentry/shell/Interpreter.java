package org.usermem.sentry.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;
import org.usermem.sentry.console.Answer;
import org.usermem.sentry.console.CommandException;
import org.usermem.sentry.control.Connection;

/**
 * Runs lines of Gogo's language, in which the commands of a console are commands, and so are {@code
 * grep} for pipes and {@code exit}. For one thread at a time.
 */
final class Interpreter implements AutoCloseable {

  private static final String SCOPE = "usermem";

  private final Connection connection;
  private final BooleanSupplier interrupted;
  private final CommandProcessorImpl processor = new CommandProcessorImpl();
  private final CommandSession session;
  private volatile boolean ended;

  /**
   * Creates an interpreter.
   *
   * @param connection the console
   * @param in what the first command of a pipe reads
   * @param out where text goes
   * @param err where it goes when something is wrong
   * @param interrupted whether a command that goes on is to end
   */
  Interpreter(
      Connection connection,
      InputStream in,
      OutputStream out,
      OutputStream err,
      BooleanSupplier interrupted) {
    this.connection = connection;
    this.interrupted = interrupted;
    for (String name : connection.next(List.of())) {
      add(name, (s, arguments) -> remote(name, arguments));
    }
    add("grep", Interpreter::grep);
    add(
        "exit",
        (s, arguments) -> {
          ended = true;
          return null;
        });
    session = processor.createSession(in, out, err);
  }

  private void add(String name, Function function) {
    processor.addCommand(SCOPE, function, name);
  }

  private @Nullable Object remote(String name, List<Object> arguments) {
    PrintStream out = Process.Utils.current().out();
    List<String> words =
        Stream.concat(Stream.of(name), arguments.stream().map(String::valueOf)).toList();
    connection.run(
        words,
        new Answer() {
          @Override
          public void line(String text) {
            out.println(text);
          }

          @Override
          public boolean isOver() {
            out.flush();
            return interrupted.getAsBoolean() || out.checkError();
          }
        });
    out.flush();
    return null;
  }

  private static @Nullable Object grep(CommandSession session, List<Object> arguments)
      throws IOException {
    if (arguments.size() != 1) {
      throw new CommandException("usage: grep TEXT");
    }
    String wanted = String.valueOf(arguments.getFirst());
    Process process = Process.Utils.current();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.in(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(wanted)) {
        process.out().println(line);
      }
    }
    return null;
  }

  /** Returns whether the command {@code exit} was run. */
  boolean hasEnded() {
    return ended;
  }

  /**
   * Runs a line.
   *
   * @return null if all went well, or what did not
   * @throws UncheckedIOException if the sentry has gone
   */
  @Nullable String run(String line) {
    try {
      Object result = session.execute(line);
      if (result != null) {
        session.getConsole().println(session.format(result, 0));
      }
      return null;
    } catch (UncheckedIOException e) {
      throw e;
    } catch (Exception e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public void close() {
    session.close();
    processor.stop();
  }
}
