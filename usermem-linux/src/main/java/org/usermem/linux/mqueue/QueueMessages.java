package org.usermem.linux.mqueue;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** The messages of a queue: the oldest of the highest priority comes first. Not thread-safe. */
final class QueueMessages {
  private final TreeMap<Integer, Deque<QueueMessage>> byPriority =
      new TreeMap<>(Comparator.reverseOrder());
  private int count;
  private long byteCount;

  int count() {
    return count;
  }

  long byteCount() {
    return byteCount;
  }

  void add(QueueMessage message) {
    byPriority.computeIfAbsent(message.priority(), key -> new ArrayDeque<>()).add(message);
    count++;
    byteCount += message.body().length;
  }

  /** Takes the next message; there is one. */
  QueueMessage take() {
    Map.Entry<Integer, Deque<QueueMessage>> first = byPriority.firstEntry();
    QueueMessage message = first.getValue().remove();
    if (first.getValue().isEmpty()) {
      byPriority.remove(first.getKey());
    }
    count--;
    byteCount -= message.body().length;
    return message;
  }
}
