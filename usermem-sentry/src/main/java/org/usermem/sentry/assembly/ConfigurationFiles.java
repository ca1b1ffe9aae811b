package org.usermem.sentry.assembly;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Hands configurations to Configuration Admin in the files that it keeps its own in (one a
 * persistent identity, one property a line), written before it starts.
 */
final class ConfigurationFiles {

  private ConfigurationFiles() {}

  static void write(Path directory, Map<String, Map<String, String>> configuration)
      throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, Map<String, String>> one : configuration.entrySet()) {
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

  private static void property(StringBuilder text, String key, String value) {
    text.append(key).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ("\\\"= ".indexOf(c) >= 0) {
        text.append('\\');
      }
      text.append(c);
    }
    text.append("\"\r\n");
  }
}
