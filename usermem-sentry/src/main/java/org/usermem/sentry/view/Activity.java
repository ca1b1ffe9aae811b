package org.usermem.sentry.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;
import org.usermem.sentry.inspect.Inspection;

/** Faults and copies since they were last asked for. Thread-safe. */
final class Activity {

  private static final String TASK_THREAD = "usermem-task-";

  /** What is not fetched in time is forgotten. */
  private static final int MOST_EVENTS = 2000;

  private final Inspection inspection;
  private final List<Map<String, Object>> events = new ArrayList<>(); // guarded by this

  Activity(Inspection inspection) {
    this.inspection = inspection;
  }

  void add(RecordedEvent event) {
    Map<String, Object> json =
        switch (event.getEventType().getName()) {
          case "usermem.Fault" -> json(event, "fault", event.getInt("faults"), 0);
          case "usermem.Copy" ->
              json(
                  event,
                  event.getBoolean("fromProgram") ? "in" : "out",
                  event.getLong("copies"),
                  event.getLong("byteCount"));
          default -> null;
        };
    if (json != null) {
      add(json);
    }
  }

  private synchronized void add(Map<String, Object> json) {
    if (events.size() < MOST_EVENTS) {
      events.add(json);
    }
  }

  private @Nullable Map<String, Object> json(
      RecordedEvent event, String kind, long count, long byteCount) {
    int process = processOf(event.getThread());
    if (process == 0) {
      return null;
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("process", process);
    json.put("kind", kind);
    json.put("address", Long.toHexString(event.getLong("address")));
    json.put("count", count);
    json.put("bytes", byteCount);
    return json;
  }

  /** The thread that an event is of is a task's, and has its number in its name. */
  private int processOf(@Nullable RecordedThread thread) {
    String name = thread == null ? null : thread.getJavaName();
    return name != null && name.startsWith(TASK_THREAD)
        ? inspection.processOf(Integer.parseInt(name.substring(TASK_THREAD.length())))
        : 0;
  }

  /** Returns what has happened, and forgets it. */
  synchronized String take() {
    String json = Json.of(events);
    events.clear();
    return json;
  }
}
