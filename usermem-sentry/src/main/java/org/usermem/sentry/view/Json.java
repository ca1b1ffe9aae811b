package org.usermem.sentry.view;

import java.util.Collection;
import java.util.Map;

/** Writes JSON of maps, collections, strings, numbers and truth values. */
final class Json {

  private Json() {}

  static String of(Object value) {
    StringBuilder text = new StringBuilder();
    append(text, value);
    return text.toString();
  }

  private static void append(StringBuilder text, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        char before = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          text.append(before);
          append(text, String.valueOf(entry.getKey()));
          text.append(':');
          append(text, entry.getValue());
          before = ',';
        }
        text.append(map.isEmpty() ? "{}" : "}");
      }
      case Collection<?> collection -> {
        text.append('[');
        String before = "";
        for (Object each : collection) {
          text.append(before);
          append(text, each);
          before = ",";
        }
        text.append(']');
      }
      case Number number -> text.append(number);
      case Boolean truth -> text.append(truth);
      default -> quote(text, value.toString());
    }
  }

  /** Control characters, and those that end a script or a line in JavaScript, are escaped. */
  private static void quote(StringBuilder text, String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' '
          || c == '<'
          || c == '\u2028'
          || c == '\u2029'
          || Character.isSurrogate(c)) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
