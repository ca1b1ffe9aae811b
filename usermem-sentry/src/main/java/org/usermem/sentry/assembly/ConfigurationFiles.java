package org.usermem.sentry.assembly;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hands configurations to Configuration Admin in the files that it keeps its own in (one a
 * persistent identity, one property a line, {@code org.apache.felix.cm.file.ConfigurationHandler}),
 * written before it starts.
 */
final class ConfigurationFiles {

  private ConfigurationFiles() {}

  /** What an identity looks like, for messages. */
  static final String IDENTITY = "persistent identity: NAME.NAME, or NAME.NAME~INSTANCE";

  private static final Pattern PID =
      Pattern.compile("(?<factory>\\w[\\w-]*(\\.\\w[\\w-]*)*)(~\\w[\\w-]*(\\.\\w[\\w-]*)*)?");

  private static final Pattern KEY = Pattern.compile("[\\w.-]+");

  static boolean isIdentity(String pid) {
    return PID.matcher(pid).matches();
  }

  static boolean isKey(String key) {
    return KEY.matcher(key).matches();
  }

  static void write(Path directory, Map<String, Map<String, Object>> configuration)
      throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, Map<String, Object>> one : configuration.entrySet()) {
      String pid = one.getKey();
      Matcher matcher = PID.matcher(pid);
      if (!matcher.matches()) {
        throw new AssemblyException("'" + pid + "' is no " + IDENTITY, null);
      }
      StringBuilder text = new StringBuilder();
      one.getValue().forEach((key, value) -> property(text, pid, key, value));
      property(text, pid, "service.pid", pid);
      // Configuration Admin finds the instances of a factory by this property.
      if (pid.indexOf('~') >= 0) {
        property(text, pid, "service.factoryPid", matcher.group("factory"));
      }
      Path file = directory.resolve(pid.replace('.', '/').replace("~", "%007e") + ".config");
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardCharsets.UTF_8);
    }
  }

  private static void property(StringBuilder text, String pid, String key, Object value) {
    if (!isKey(key)) {
      throw new AssemblyException("'" + pid + "/" + key + "' is no key", null);
    }
    text.append(key).append('=');
    List<Object> values = ConfigurationValue.elements(value);
    ConfigurationType type =
        values.isEmpty() ? ConfigurationType.STRING : ConfigurationType.ofValue(values.getFirst());
    switch (value) {
      case Collection<?> collection -> several(text, type.code, values, '(', ')');
      case Object[] array -> several(text, type.code, values, '[', ']');
      default -> {
        if (value.getClass().isArray()) {
          several(text, primitiveCode(value.getClass().getComponentType()), values, '[', ']');
        } else {
          text.append(type.code);
          quoted(text, value);
        }
      }
    }
    text.append("\r\n");
  }

  private static char primitiveCode(Class<?> type) {
    return Character.toLowerCase(ConfigurationType.ofPrimitive(type.getName()).orElseThrow().code);
  }

  private static void several(
      StringBuilder text, char code, List<?> values, char open, char close) {
    text.append(code);
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
