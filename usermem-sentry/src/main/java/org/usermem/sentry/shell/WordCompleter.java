package org.usermem.sentry.shell;

import java.io.UncheckedIOException;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.usermem.sentry.console.CommandException;
import org.usermem.sentry.control.Connection;

/** Completes a line with what the console says can come next. */
final class WordCompleter implements Completer {

  private final Connection connection;

  WordCompleter(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    complete(line, candidates);
  }

  void complete(ParsedLine line, List<Candidate> candidates) {
    List<String> before = line.words().subList(0, line.wordIndex());
    int start = Math.max(before.lastIndexOf("|"), before.lastIndexOf(";")) + 1;
    try {
      connection.next(before.subList(start, before.size())).stream()
          .map(Candidate::new)
          .forEach(candidates::add);
    } catch (CommandException | UncheckedIOException e) {
      // A line that can't be completed.
    }
  }
}
