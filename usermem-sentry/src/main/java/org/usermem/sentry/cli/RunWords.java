package org.usermem.sentry.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.usermem.sentry.cli.RunOption.Arity;

/**
 * What was given to {@code usermem run}.
 *
 * @param options the options that were given, with their values; none for a flag
 * @param command the program and its arguments
 */
record RunWords(Map<RunOption, List<String>> options, List<String> command) {

  /**
   * Reads words that leave no doubt.
   *
   * <p>The command line as a whole is picocli's, which knows help, errors and what else there is.
   * Loading it takes a third of the time of a small program, so what needs nothing of that is read
   * here, to the same result.
   *
   * @param words the words after {@code run}
   * @return what they say; empty if picocli is to decide
   */
  static Optional<RunWords> read(List<String> words) {
    Map<RunOption, List<String>> options = new EnumMap<>(RunOption.class);
    int next = 0;
    while (next < words.size() && words.get(next).startsWith("-")) {
      String word = words.get(next++);
      if (word.equals("--")) {
        break;
      }
      int equals = word.indexOf('=');
      RunOption option = RunOption.of(equals < 0 ? word : word.substring(0, equals)).orElse(null);
      if (option == null || (options.containsKey(option) && option.arity != Arity.MANY)) {
        return Optional.empty();
      }
      List<String> values = options.computeIfAbsent(option, each -> new ArrayList<>());
      if (option.arity == Arity.NONE) {
        if (equals >= 0) {
          return Optional.empty();
        }
        continue;
      }
      String value = equals >= 0 ? word.substring(equals + 1) : "";
      if (equals < 0 && next < words.size()) {
        value = words.get(next++);
      }
      if (!isPlain(value)) {
        return Optional.empty();
      }
      values.add(value);
    }
    List<String> command = words.subList(next, words.size());
    return command.isEmpty()
        ? Optional.empty()
        : Optional.of(new RunWords(options, List.copyOf(command)));
  }

  private static boolean isPlain(String value) {
    return !value.isEmpty() && !value.startsWith("-");
  }

  /** Returns the value of an option that takes one. */
  Optional<String> text(RunOption option) {
    return texts(option).stream().findFirst();
  }

  /** Returns the values of an option, in the order in which they were given. */
  List<String> texts(RunOption option) {
    return options.getOrDefault(option, List.of());
  }

  /** Returns whether an option was given. */
  boolean has(RunOption option) {
    return options.containsKey(option);
  }
}
