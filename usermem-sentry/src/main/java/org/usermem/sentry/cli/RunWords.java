package org.usermem.sentry.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.ConfigurationValue;
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

  /**
   * Adds what a configuration says: options by their words without hyphens. Those that were given
   * win; of those that can be given often, the configuration's come first.
   *
   * @param configuration the configuration of the sentry
   * @throws IllegalArgumentException if there is no such option, or it has no such value
   */
  RunWords with(Map<String, Object> configuration) {
    Map<RunOption, List<String>> whole = new EnumMap<>(RunOption.class);
    whole.putAll(options);
    configuration.forEach(
        (key, value) -> {
          RunOption option =
              RunOption.of("--" + key)
                  .filter(o -> o != RunOption.CONFIG && o != RunOption.ASSEMBLY)
                  .orElseThrow(() -> wrong(key, "there is no such option"));
          List<String> said = values(value);
          if (option.arity == Arity.NONE) {
            if (!List.of("true").equals(said) && !List.of("false").equals(said)) {
              throw wrong(key, "it is true or false");
            }
            if (said.getFirst().equals("true")) {
              whole.putIfAbsent(option, List.of());
            }
          } else if (option.arity == Arity.MANY) {
            whole.merge(
                option,
                said,
                (given, first) -> Stream.of(first, given).flatMap(List::stream).toList());
          } else if (said.size() == 1) {
            whole.putIfAbsent(option, said);
          } else {
            throw wrong(key, "it has one value");
          }
        });
    return new RunWords(whole, command);
  }

  private static IllegalArgumentException wrong(String key, String why) {
    return new IllegalArgumentException(Assembly.SENTRY + "/" + key + ": " + why);
  }

  private static List<String> values(Object value) {
    return ConfigurationValue.elements(value).stream().map(String::valueOf).toList();
  }

  /** Returns the options as the properties of a component, by their words without hyphens. */
  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    options.forEach(
        (option, values) ->
            properties.put(
                option.word.substring(2),
                switch (option.arity) {
                  case NONE -> true;
                  case ONE -> values.getFirst();
                  case MANY -> values.toArray(String[]::new);
                }));
    return properties;
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
