package org.usermem.linux.strace;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names of flags and constants, by table, from the resource {@code symbols.txt}. */
final class Symbols {
  private final Map<String, Map<Long, String>> tables = new HashMap<>();

  Symbols() {
    Map<Long, String> table = new LinkedHashMap<>();
    for (String line : Resource.lines("symbols.txt")) {
      if (line.startsWith("[")) {
        table = new LinkedHashMap<>();
        tables.put(line.substring(1, line.length() - 1), table);
      } else {
        int space = line.indexOf(' ');
        table.put(Long.parseLong(line.substring(0, space), 16), line.substring(space + 1));
      }
    }
  }

  private Map<Long, String> table(String name) {
    Map<Long, String> table = tables.get(name);
    if (table == null) {
      throw new IllegalArgumentException("symbols.txt has no table [" + name + "]");
    }
    return table;
  }

  /** The name of a constant, or its value in hexadecimal with the name of its table. */
  String constant(String tableName, long value) {
    String name = table(tableName).get(value);
    return name != null ? name : Long.toString(value);
  }

  /** The names of the flags that are set, joined by bars; what no flag explains, in hexadecimal. */
  String flags(String tableName, long value) {
    Map<Long, String> table = table(tableName);
    StringBuilder text = new StringBuilder();
    long rest = value;
    String none = table.get(0L);
    if (none != null && (value == 0 || (tableName.equals("open") && (value & 3) == 0))) {
      text.append(none);
    }
    for (Map.Entry<Long, String> each : table.entrySet()) {
      long bits = each.getKey();
      if (bits != 0 && (rest & bits) == bits) {
        text.append(text.isEmpty() ? "" : "|").append(each.getValue());
        rest &= ~bits;
      }
    }
    if (rest != 0) {
      text.append(text.isEmpty() ? "0x" : "|0x").append(Long.toHexString(rest));
    }
    return text.isEmpty() ? "0" : text.toString();
  }
}
