package org.usermem.fs.hostfs;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a host directory at one moment, in the order of a hash of their names. The hash is
 * the offset in listings too, so that a listing goes on at the right place whatever has changed,
 * without anything being remembered.
 */
final class HostListing {

  /** An entry. */
  record Entry(String name, long hash, HostAttributes attributes) {

    Entry(String name, HostAttributes attributes) {
      this(name, hashOf(name), attributes);
    }
  }

  private final Entry[] entries;

  HostListing(List<Entry> unordered) {
    entries = unordered.toArray(Entry[]::new);
    Arrays.sort(entries, Comparator.comparingLong(Entry::hash));
  }

  // 62 bits of FNV-1a, from 1 on: small enough to add to, and collisions do not happen.
  private static long hashOf(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return (hash >>> 2) + 1;
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
    long hash = hashOf(name);
    for (int i = indexAfter(hash - 1); i < entries.length && entries[i].hash() == hash; i++) {
      if (entries[i].name().equals(name)) {
        return entries[i];
      }
    }
    return null;
  }
}
