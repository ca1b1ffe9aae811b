package org.usermem.sentry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RunWordsTest {

  private static List<String> words(String line) {
    return Arrays.asList(line.split(" "));
  }

  private static RunWords readByPicocli(List<String> words) {
    String[] all = Stream.concat(Stream.of("run"), words.stream()).toArray(String[]::new);
    CommandLine line = UsermemCommand.commandLine();
    CommandLine.ParseResult result = line.parseArgs(all).subcommand();
    RunCommand command = (RunCommand) result.commandSpec().userObject();
    return command.words();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/bin/echo hi",
        "-- /bin/echo -n hi",
        "echo --strace -- @file",
        "--root /x --strace -- ls -l",
        "--root=/x ls",
        "--mount tmpfs:a:/b --mount bind:/c:/d:ro --env A=1 --env=B -- env",
        "--user 1:2 --hostname h --memory 1G --tasks 5 --platform ptrace --summary true",
      })
  void plainWordsAreReadAsPicocliReadsThem(String line) {
    assertEquals(Optional.of(readByPicocli(words(line))), RunWords.read(words(line)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--strace",
        "--strace=yes ls",
        "--root",
        "--root --strace ls",
        "--root= ls",
        "--root /a --root /b ls",
        "--no-such-option ls",
        "-x ls",
        "--",
      })
  void whateverElseThereIsIsLeftToPicocli(String line) {
    assertEquals(Optional.empty(), RunWords.read(words(line)));
  }

  @Test
  void noOptionIsForgotten() {
    for (RunOption option : RunOption.values()) {
      String value = option.arity == RunOption.Arity.NONE ? "" : "value";
      List<String> words = Stream.of(option.word, value, "ls").filter(w -> !w.isEmpty()).toList();
      assertTrue(RunWords.read(words).orElseThrow().has(option), option.word);
    }
  }

  @Test
  void aConfigurationGivesTheOptionsThatAreNotGiven() {
    RunWords words =
        RunWords.read(words("--hostname given --env A=2 --config sentry.json ls")).orElseThrow();
    RunWords whole =
        words.with(
            Map.of(
                "hostname",
                "configured",
                "tasks",
                7L,
                "env",
                new String[] {"A=1", "B=1"},
                "mount",
                List.of("tmpfs:none:/x"),
                "summary",
                true,
                "strace",
                false));
    assertEquals(Optional.of("given"), whole.text(RunOption.HOSTNAME));
    assertEquals(Optional.of("7"), whole.text(RunOption.TASKS));
    assertEquals(List.of("A=1", "B=1", "A=2"), whole.texts(RunOption.ENV));
    assertEquals(List.of("tmpfs:none:/x"), whole.texts(RunOption.MOUNT));
    assertTrue(whole.has(RunOption.SUMMARY));
    assertFalse(whole.has(RunOption.STRACE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "assembly", "config", "strace", ""})
  void aConfigurationOfNoOptionIsAnError(String key) {
    RunWords words = RunWords.read(words("ls")).orElseThrow();
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> words.with(Map.of(key, "value")));
    assertTrue(e.getMessage().startsWith("org.usermem.sentry/" + key + ": "), e.getMessage());
  }
}
