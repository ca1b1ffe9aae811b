package org.usermem.sentry.record;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import org.usermem.linux.strace.CallTable;

/** Sums of the events of recordings. Not thread-safe. */
public final class Statistics {

  /** Calls, faults or copies of one kind. */
  private static final class Sum {
    private long count;
    private long amount;
    private long failures;
  }

  private final CallTable names = new CallTable();
  private final Map<Integer, Sum> calls = new TreeMap<>();
  private final Map<String, Sum> copies = new TreeMap<>();
  private final Map<String, Sum> faults = new TreeMap<>();
  private final Map<String, Sum> mappings = new TreeMap<>();
  private final List<String> plugins = new ArrayList<>();

  /** Creates sums of nothing. */
  public Statistics() {}

  /**
   * Adds an event; those that are not of usermem are passed over.
   *
   * @param event the event
   */
  public void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "usermem.SystemCall" -> addCall(event);
      case "usermem.Copy" -> {
        String direction = event.getBoolean("fromProgram") ? "from programs" : "to programs";
        add(copies, direction, event.getLong("copies"), event.getLong("byteCount"));
      }
      case "usermem.Fault" -> {
        String kind = event.getString("access") + " " + event.getString("outcome");
        add(faults, kind.toLowerCase(Locale.ROOT), event.getInt("faults"), 0);
      }
      case "usermem.Mapping" ->
          add(mappings, event.getString("operation"), 1, event.getLong("byteCount"));
      case "usermem.Plugin" -> plugins.add(event.getString("text"));
      default -> {}
    }
  }

  /** The time of those that a call stands for is taken to be the same as its own. */
  private void addCall(RecordedEvent event) {
    Sum sum = calls.computeIfAbsent(event.getInt("number"), number -> new Sum());
    int count = event.getInt("calls");
    sum.count += count;
    sum.amount += event.getDuration().toNanos() * count;
    if (event.getLong("result") < 0 && event.getLong("result") > -4096) {
      sum.failures += count;
    }
  }

  private static void add(Map<String, Sum> sums, String kind, long count, long amount) {
    Sum sum = sums.computeIfAbsent(kind, k -> new Sum());
    sum.count += count;
    sum.amount += amount;
  }

  /**
   * Returns how many system calls of a name there were, about.
   *
   * @param name the name
   */
  public long calls(String name) {
    return calls.entrySet().stream()
        .filter(e -> names.name(e.getKey()).equals(name))
        .mapToLong(e -> e.getValue().count)
        .sum();
  }

  /** Returns how many page faults there were, about. */
  public long faults() {
    return faults.values().stream().mapToLong(s -> s.count).sum();
  }

  /** Returns how many bytes were copied between the sentry and programs. */
  public long copiedBytes() {
    return copies.values().stream().mapToLong(s -> s.amount).sum();
  }

  /** Returns how often mappings were changed. */
  public long mappings() {
    return mappings.values().stream().mapToLong(s -> s.count).sum();
  }

  /** Returns a table, a line a kind. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-24s %10s %12s %10s %8s"
            .formatted("system call", "calls", "total ms", "mean us", "errors"));
    calls.entrySet().stream()
        .sorted(Comparator.comparingLong(e -> -e.getValue().amount))
        .forEach(e -> lines.add(line(names.name(e.getKey()), e.getValue())));
    lines.add("");
    lines.add("%-24s %10s %12s".formatted("memory", "times", "bytes"));
    Stream.of(Map.entry("copy ", copies), Map.entry("fault ", faults), Map.entry("", mappings))
        .forEach(
            group ->
                group
                    .getValue()
                    .forEach(
                        (kind, sum) ->
                            lines.add(
                                "%-24s %10d %12d"
                                    .formatted(group.getKey() + kind, sum.count, sum.amount))));
    if (!plugins.isEmpty()) {
      lines.add("");
      lines.addAll(plugins);
    }
    return lines;
  }

  private static String line(String name, Sum sum) {
    return String.format(
        Locale.ROOT,
        "%-24s %10d %12.3f %10.2f %8d",
        name,
        sum.count,
        sum.amount / 1e6,
        sum.count == 0 ? 0.0 : sum.amount / 1e3 / sum.count,
        sum.failures);
  }
}
