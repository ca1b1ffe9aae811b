package org.usermem.sentry.assembly;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Hands configurations to Configuration Admin in the files that it keeps its own in (one a
 * persistent identity, one property a line, {@code org.apache.felix.cm.file.ConfigurationHandler}),
 * written before it starts.
 */
final class ConfigurationFiles {

  private ConfigurationFiles() {}

  static void write(Path directory, Map<String, Map<String, Object>> configuration)
      throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, Map<String, Object>> one : configuration.entrySet()) {
      String pid = one.getKey();
      if (!pid.matches("\\w[\\w-]*(\\.\\w[\\w-]*)*")) {
        throw new AssemblyException("'" + pid + "' is no persistent identity", null);
      }
      StringBuilder text = new StringBuilder();
      one.getValue().forEach((key, value) -> property(text, key, value));
      property(text, "service.pid", pid);
      Path file = directory.resolve(pid.replace('.', '/') + ".config");
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardCharsets.UTF_8);
    }
  }

  private static void property(StringBuilder text, String key, Object value) {
    text.append(key).append('=');
    switch (value) {
      case Object[] array -> several(text, Arrays.asList(array), '[', ']');
      case Collection<?> collection -> several(text, List.copyOf(collection), '(', ')');
      default -> {
        text.append(ConfigurationType.ofValue(value).code);
        quoted(text, value);
      }
    }
    text.append("\r\n");
  }

  private static void several(StringBuilder text, List<?> values, char open, char close) {
    text.append(
        values.isEmpty()
            ? ConfigurationType.STRING.code
            : ConfigurationType.ofValue(values.getFirst()).code);
    text.append(open).append(" \\\r\n");
    for (Object value : values) {
      text.append("  ");
      quoted(text, value);
      text.append(", \\\r\n");
    }
    text.append("  ").append(close);
  }

  private static void quoted(StringBuilder text, Object value) {
    text.append('"');
    String plain =
        switch (value) {
          case Float number -> String.valueOf(Float.floatToRawIntBits(number));
          case Double number -> String.valueOf(Double.doubleToRawLongBits(number));
          default -> value.toString();
        };
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if ("\\\"= ".indexOf(c) >= 0) {
        text.append('\\');
      }
      text.append(c);
    }
    text.append('"');
  }
}
