package org.usermem.sentry.assembly;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Configuration from a command line: {@code PID/KEY=VALUE}, or a file of properties whose keys are
 * {@code PID/KEY}. What comes later wins.
 */
final class ConfigurationWords {

  private static final String SHAPE =
      "a configuration is PID/KEY=VALUE, or a file whose name ends in .properties";

  private final Map<String, Map<String, String>> configuration = new LinkedHashMap<>();

  private ConfigurationWords(Map<String, Map<String, String>> before) {
    before.forEach((pid, properties) -> configuration.put(pid, new LinkedHashMap<>(properties)));
  }

  static Map<String, Map<String, String>> add(
      Map<String, Map<String, String>> before, List<String> words) {
    ConfigurationWords result = new ConfigurationWords(before);
    words.forEach(result::add);
    return result.configuration;
  }

  private void add(String word) {
    int equals = word.indexOf('=');
    if (equals > 0) {
      put(word.substring(0, equals), word.substring(equals + 1));
    } else if (word.endsWith(".properties")) {
      read(Path.of(word));
    } else {
      throw new IllegalArgumentException(SHAPE + ", not '" + word + "'");
    }
  }

  private void read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the configuration " + file, e);
    }
    properties.stringPropertyNames().stream()
        .sorted()
        .forEach(key -> put(key, properties.getProperty(key)));
  }

  private void put(String place, String value) {
    int slash = place.indexOf('/');
    if (slash <= 0 || slash == place.length() - 1) {
      throw new IllegalArgumentException(SHAPE + ", not '" + place + "=" + value + "'");
    }
    configuration
        .computeIfAbsent(place.substring(0, slash), pid -> new LinkedHashMap<>())
        .put(place.substring(slash + 1), value);
  }
}
