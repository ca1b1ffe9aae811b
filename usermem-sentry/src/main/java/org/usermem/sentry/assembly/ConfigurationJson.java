package org.usermem.sentry.assembly;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.usermem.sentry.text.TextException;

/**
 * Reads configurations in the JSON of the OSGi Configurator (Compendium 8, 150.3):
 *
 * <pre>
 * {
 *   ":configurator:resource-version": 1,            // may be left out
 *   "com.acme.Notes": {                             // a persistent identity
 *     "title": "mine", "lines": 20, "ratio": 0.5,   // String, Long, Double
 *     "size:Integer": 7,                            // a type of one's own choice
 *     "tags": ["a", "b"], "ports:Integer[]": [1],   // arrays
 *     "names:Collection&lt;String&gt;": ["a"],            // a collection
 *     "sizes:int[]": [1, 2]                         // an array of a primitive type
 *   },
 *   "com.acme.Notes~second": { "title": "yours" }   // one more of the component com.acme.Notes
 * }
 * </pre>
 *
 * <p>Comments as in Java are passed over. A value is a text, a number, a truth value or an array of
 * those; an object is a text, that of its JSON. Binary values are for resources of bundles and not
 * for files. This is the only class that needs the module of the JSON parser.
 */
final class ConfigurationJson implements AutoCloseable {

  private static final String RESERVED = ":configurator:";
  private static final String VERSION = ":configurator:resource-version";
  private static final String COLLECTION = "Collection";
  private static final String OF = COLLECTION + "<";
  private static final String SHAPE = "a text, a number, true, false, or an array of those";

  private final Path file;
  private final JsonParser parser;

  private ConfigurationJson(Path file, Reader reader) throws IOException {
    this.file = file;
    this.parser =
        JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .createParser(reader);
  }

  /**
   * Reads a file.
   *
   * @return for each persistent identity its properties
   * @throws TextException if it is no such file; the message names file, line, column and key
   * @throws UncheckedIOException if it can't be read
   */
  static Map<String, Map<String, Object>> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file);
        ConfigurationJson json = new ConfigurationJson(file, reader)) {
      return json.resource();
    } catch (StreamReadException e) {
      throw error(file, e.getLocation(), e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the configuration " + file, e);
    }
  }

  private static TextException error(Path file, @Nullable JsonLocation place, String message) {
    return place == null
        ? new TextException(file.toString(), 1, message)
        : new TextException(file.toString(), place.getLineNr(), place.getColumnNr(), message);
  }

  private TextException error(String message) {
    return error(file, parser.currentTokenLocation(), message);
  }

  private Map<String, Map<String, Object>> resource() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw error("a configuration is an object { \"PID\": { ... } }");
    }
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String pid = parser.currentName();
      JsonToken value = parser.nextToken();
      if (pid.startsWith(RESERVED)) {
        checkVersion(pid, value);
        parser.skipChildren();
      } else if (!ConfigurationFiles.isIdentity(pid)) {
        throw error("'" + pid + "' is no " + ConfigurationFiles.IDENTITY);
      } else if (value != JsonToken.START_OBJECT) {
        throw error("'" + pid + "' is followed by its properties: { \"KEY\": ... }");
      } else {
        all.put(pid, properties(pid));
      }
    }
    if (parser.nextToken() != null) {
      throw error("there is something after the end of the object");
    }
    return all;
  }

  private void checkVersion(String key, JsonToken value) throws IOException {
    if (key.equals(VERSION)
        && (value != JsonToken.VALUE_NUMBER_INT || !parser.getText().equals("1"))) {
      throw error("'" + key + "' has to be 1");
    }
  }

  private Map<String, Object> properties(String pid) throws IOException {
    Map<String, Object> properties = new LinkedHashMap<>();
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      if (key.startsWith(RESERVED)) {
        parser.nextToken();
        parser.skipChildren();
        continue;
      }
      int colon = key.indexOf(':');
      String name = colon < 0 ? key : key.substring(0, colon);
      String type = colon < 0 ? "" : key.substring(colon + 1);
      if (!ConfigurationFiles.isKey(name) || !names.add(name)) {
        String wrong =
            name.isEmpty() ? "no name" : ConfigurationFiles.isKey(name) ? "there twice" : "no key";
        throw error("'" + pid + "/" + key + "': " + wrong);
      }
      parser.nextToken();
      properties.put(name, value("'" + pid + "/" + key + "': ", type));
    }
    return properties;
  }

  private Object value(String where, String type) throws IOException {
    if (type.isEmpty()) {
      return several() ? mixed(elements(where, null)) : scalar(where, null);
    }
    if (type.equals(COLLECTION)) {
      return list(where, null);
    }
    if (type.startsWith(OF) && type.endsWith(">")) {
      String label = type.substring(OF.length(), type.length() - 1);
      return list(where, ConfigurationType.of(label).orElseThrow(() -> unknown(where)));
    }
    boolean array = type.endsWith("[]");
    String label = array ? type.substring(0, type.length() - 2) : type;
    Optional<ConfigurationType> primitive = ConfigurationType.ofPrimitive(label);
    ConfigurationType scalar =
        primitive.or(() -> ConfigurationType.of(label)).orElseThrow(() -> unknown(where));
    if (!array) {
      return scalar(where, scalar);
    }
    return primitive.isPresent()
        ? ConfigurationValue.primitives(scalar, list(where, scalar))
        : scalar.array(list(where, scalar));
  }

  private boolean several() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  private TextException unknown(String where) {
    return error(
        where
            + ("the types are " + ConfigurationType.labels())
            + (", T[], " + COLLECTION + " and " + OF + "T>"));
  }

  /** Reads an array, or one value, which is taken for an array of one. */
  private List<Object> list(String where, @Nullable ConfigurationType type) throws IOException {
    return several() ? List.copyOf(elements(where, type)) : List.of(scalar(where, type));
  }

  private List<Object> elements(String where, @Nullable ConfigurationType type) throws IOException {
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(scalar(where, type));
    }
    return elements;
  }

  /** An array is of the type of its elements, of texts if they have several (150.3.2). */
  private static Object mixed(List<Object> elements) {
    Set<ConfigurationType> types = EnumSet.noneOf(ConfigurationType.class);
    elements.forEach(e -> types.add(ConfigurationType.ofValue(e)));
    if (types.size() == 1) {
      return types.iterator().next().array(elements);
    }
    return types.equals(EnumSet.of(ConfigurationType.LONG, ConfigurationType.DOUBLE))
        ? elements.stream().map(e -> ((Number) e).doubleValue()).toArray(Double[]::new)
        : elements.stream().map(String::valueOf).toArray(String[]::new);
  }

  private Object scalar(String where, @Nullable ConfigurationType type) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT
        && (type == null || type == ConfigurationType.STRING)) {
      return object();
    }
    ConfigurationType own =
        switch (parser.currentToken()) {
          case VALUE_STRING -> ConfigurationType.STRING;
          case VALUE_NUMBER_INT -> ConfigurationType.LONG;
          case VALUE_NUMBER_FLOAT -> ConfigurationType.DOUBLE;
          case VALUE_TRUE, VALUE_FALSE -> ConfigurationType.BOOLEAN;
          default -> throw error(where + "a value is " + SHAPE);
        };
    try {
      return (type == null ? own : type).parse(parser.getText());
    } catch (IllegalArgumentException e) {
      throw error(where + e.getMessage());
    }
  }

  private String object() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JsonFactory.builder().build().createGenerator(text)) {
      generator.copyCurrentStructure(parser);
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
