package org.usermem.sentry.console;

import java.util.List;

/** A command of the console. Thread-safe. */
interface Command {

  /** Returns its name, one word. */
  String name();

  /** Returns what comes after the name, as in a manual page. */
  String usage();

  /** Returns what it does, one sentence. */
  String summary();

  /**
   * Does it.
   *
   * @param arguments the words after the name
   * @param answer where its text goes
   * @throws CommandException with what is wrong, in a line
   */
  void run(List<String> arguments, Answer answer);

  /**
   * Returns words that can come next.
   *
   * @param before the words between the name and the next one
   */
  default List<String> next(List<String> before) {
    return List.of();
  }
}
