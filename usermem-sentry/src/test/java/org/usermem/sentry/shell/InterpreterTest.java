package org.usermem.sentry.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.junit.jupiter.api.Test;
import org.usermem.sentry.console.Answer;
import org.usermem.sentry.console.CommandException;
import org.usermem.sentry.control.Connection;

/** Lines are run and completed; what a sentry would answer is made up. */
class InterpreterTest {

  private final List<List<String>> asked = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private final Connection connection =
      new Connection() {
        @Override
        public void run(List<String> words, Answer answer) {
          asked.add(words);
          if (words.getFirst().equals("fail")) {
            throw new CommandException("it fails");
          }
          answer.line("one");
          answer.line("two " + String.join("+", words));
        }

        @Override
        public List<String> next(List<String> before) {
          return before.isEmpty() ? List.of("ps", "fail") : List.of("after-" + before.getLast());
        }

        @Override
        public void close() {}
      };

  private Shell shell() {
    return new Shell(
        connection,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void wordsReachTheConsoleAndLinesComeBack() {
    assertTrue(shell().run(List.of("ps a 'b c'")));
    assertEquals(List.of(List.of("ps", "a", "b c")), asked);
    assertEquals("one\ntwo ps+a+b c\n", said());
  }

  @Test
  void aPipeIsSearched() {
    assertTrue(shell().run(List.of("ps | grep tw")));
    assertEquals("two ps\n", said());
  }

  @Test
  void variablesAndSeveralCommandsOnALineWork() {
    assertTrue(shell().run(List.of("x = 7; ps $x; ps")));
    assertEquals(List.of(List.of("ps", "7"), List.of("ps")), asked);
  }

  @Test
  void theFirstFailureEndsTheLinesOfACommandLine() {
    assertFalse(shell().run(List.of("fail", "ps")));
    assertEquals(List.of(List.of("fail")), asked);
    assertEquals("usermem: it fails\n", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aScriptGoesOnAfterAFailureUntilItExits() {
    InputStream script =
        new ByteArrayInputStream(
            "# comment\n\nfail\nunknown\nps\nexit\nps 2\n".getBytes(StandardCharsets.UTF_8));
    assertFalse(shell().run(script));
    assertEquals(List.of(List.of("fail"), List.of("ps")), asked);
    assertEquals(2, err.toString(StandardCharsets.UTF_8).lines().count());
  }

  @Test
  void whatAnInterpreterIsAskedItAnswersWithTheProblem() {
    try (Interpreter interpreter =
        new Interpreter(connection, InputStream.nullInputStream(), out, err, () -> false)) {
      assertNull(interpreter.run("ps"));
      assertEquals("it fails", interpreter.run("fail"));
      assertFalse(interpreter.hasEnded());
      assertNull(interpreter.run("exit"));
      assertTrue(interpreter.hasEnded());
    }
  }

  private List<String> completions(String line) {
    List<Candidate> candidates = new ArrayList<>();
    DefaultParser parser = new DefaultParser();
    new WordCompleter(connection)
        .complete(parser.parse(line, line.length(), Parser.ParseContext.COMPLETE), candidates);
    return candidates.stream().map(Candidate::value).toList();
  }

  @Test
  void aLineIsCompletedByTheConsole() {
    assertEquals(List.of("ps", "fail"), completions(""));
    assertEquals(List.of("ps", "fail"), completions("p"));
    assertEquals(List.of("after-ps"), completions("ps "));
    assertEquals(List.of("after-1"), completions("ps 1 "));
    assertEquals(List.of("ps", "fail"), completions("ps 1 ; "));
  }
}
