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
import org.usermem.sentry.text.TextException;

/**
 * Configuration from a command line: {@code PID/KEY=VALUE}, or a file of properties whose keys are
 * {@code PID/KEY}, or of JSON. What comes later wins.
 */
final class ConfigurationWords {

  /** The module of the JSON parser, which is there only if somebody asked for it. */
  private static final String JSON = "com.fasterxml.jackson.core";

  private static final String SHAPE =
      "a configuration is PID/KEY=VALUE, or a file whose name ends in .json or .properties";

  private final Map<String, Map<String, Object>> configuration = new LinkedHashMap<>();

  private ConfigurationWords(Map<String, Map<String, Object>> before) {
    before.forEach((pid, properties) -> configuration.put(pid, new LinkedHashMap<>(properties)));
  }

  static Map<String, Map<String, Object>> add(
      Map<String, Map<String, Object>> before, List<String> words) {
    ConfigurationWords result = new ConfigurationWords(before);
    words.forEach(result::add);
    return result.configuration;
  }

  private void add(String word) {
    int equals = word.indexOf('=');
    if (equals > 0) {
      put(word.substring(0, equals), word.substring(equals + 1));
    } else {
      read(Path.of(word)).forEach((pid, properties) -> of(pid).putAll(properties));
    }
  }

  /**
   * Reads a file of configurations.
   *
   * @param file whose name tells its form
   * @return for each persistent identity its properties
   * @throws IllegalArgumentException if the name does not
   * @throws TextException if something in it is wrong
   * @throws UncheckedIOException if it can't be read
   */
  static Map<String, Map<String, Object>> read(Path file) {
    if (file.toString().endsWith(".properties")) {
      return readProperties(file);
    }
    if (!file.toString().endsWith(".json")) {
      throw new IllegalArgumentException(SHAPE + ", not '" + file + "'");
    }
    if (ModuleLayer.boot().findModule(JSON).isEmpty()) {
      throw new IllegalArgumentException("a configuration in JSON needs --add-modules " + JSON);
    }
    return ConfigurationJson.read(file);
  }

  private static Map<String, Map<String, Object>> readProperties(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the configuration " + file, e);
    }
    ConfigurationWords words = new ConfigurationWords(Map.of());
    properties.stringPropertyNames().stream()
        .sorted()
        .forEach(key -> words.put(key, properties.getProperty(key)));
    return words.configuration;
  }

  private void put(String place, String value) {
    int slash = place.indexOf('/');
    if (slash <= 0 || slash == place.length() - 1) {
      throw new IllegalArgumentException(SHAPE + ", not '" + place + "=" + value + "'");
    }
    of(place.substring(0, slash)).put(place.substring(slash + 1), value);
  }

  private Map<String, Object> of(String pid) {
    return configuration.computeIfAbsent(pid, p -> new LinkedHashMap<>());
  }
}
