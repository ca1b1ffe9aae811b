package org.usermem.sentry.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.Configuration;

/** The settings of recordings: usermem.jfc. */
final class Settings {

  private Settings() {}

  static Map<String, String> read() {
    try (InputStream file = Settings.class.getResourceAsStream("usermem.jfc")) {
      if (file == null) {
        throw new IllegalStateException("usermem.jfc is not in the module of the sentry");
      }
      Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8);
      return new HashMap<>(Configuration.create(reader).getSettings());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParseException e) {
      throw new IllegalStateException("usermem.jfc is not a configuration", e);
    }
  }
}
