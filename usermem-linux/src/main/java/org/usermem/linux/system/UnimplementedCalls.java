package org.usermem.linux.system;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How often programs made each call that is not implemented. Thread-safe. */
public final class UnimplementedCalls {
  /** More numbers than Linux has calls are not remembered: a program can make them up. */
  private static final int MAXIMUM = 1024;

  private final ConcurrentSkipListMap<Integer, LongAdder> counts = new ConcurrentSkipListMap<>();

  UnimplementedCalls() {}

  void count(int number) {
    LongAdder counter = counts.get(number);
    if (counter == null) {
      if (counts.size() >= MAXIMUM) {
        return;
      }
      counter = counts.computeIfAbsent(number, n -> new LongAdder());
    }
    counter.increment();
  }

  /** Returns the counts by number. */
  public SortedMap<Integer, Long> counts() {
    SortedMap<Integer, Long> copy = new TreeMap<>();
    counts.forEach((number, count) -> copy.put(number, count.sum()));
    return copy;
  }
}
