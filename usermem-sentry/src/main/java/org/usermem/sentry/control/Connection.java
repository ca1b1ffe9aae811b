package org.usermem.sentry.control;

import java.io.UncheckedIOException;
import java.util.List;
import org.usermem.sentry.console.Answer;
import org.usermem.sentry.console.CommandException;
import org.usermem.sentry.console.Console;

/** A way to a console. Thread-safe. */
public interface Connection extends AutoCloseable {

  /**
   * Runs a command.
   *
   * @param words its name, and its arguments
   * @param answer where its text goes
   * @throws CommandException if it can't be done
   * @throws UncheckedIOException if the sentry has gone
   */
  void run(List<String> words, Answer answer);

  /**
   * Returns the words that can come next.
   *
   * @param before the words before
   * @throws UncheckedIOException if the sentry has gone
   */
  List<String> next(List<String> before);

  @Override
  void close();

  /**
   * Returns a way to a console of this JVM.
   *
   * @param console the console
   */
  static Connection local(Console console) {
    return new Connection() {
      @Override
      public void run(List<String> words, Answer answer) {
        console.run(words, answer);
      }

      @Override
      public List<String> next(List<String> before) {
        return console.next(before);
      }

      @Override
      public void close() {}
    };
  }
}
