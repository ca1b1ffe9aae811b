package org.usermem.fs.hostfs;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.NameHash;

/** The entries of a host directory at one moment, in the order of {@link NameHash}. */
final class HostListing {

  /** An entry. */
  record Entry(String name, long hash, HostAttributes attributes) {

    Entry(String name, HostAttributes attributes) {
      this(name, NameHash.of(name), attributes);
    }
  }

  private final Entry[] entries;

  HostListing(List<Entry> unordered) {
    entries = unordered.toArray(Entry[]::new);
    Arrays.sort(entries, Comparator.comparingLong(Entry::hash));
  }

  int entryCount() {
    return entries.length;
  }

  /** Returns the index of the first entry after an offset. */
  int indexAfter(long offset) {
    int low = 0;
    int high = entries.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries[middle].hash() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  Entry entry(int index) {
    return entries[index];
  }

  @Nullable Entry find(String name) {
    long hash = NameHash.of(name);
    for (int i = indexAfter(hash - 1); i < entries.length && entries[i].hash() == hash; i++) {
      if (entries[i].name().equals(name)) {
        return entries[i];
      }
    }
    return null;
  }
}
