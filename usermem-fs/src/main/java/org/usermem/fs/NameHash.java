package org.usermem.fs;

/**
 * Offsets for listings that are made of the names alone. A directory that lists its entries in the
 * order of these, with the offset of an entry its own, goes on at the right place whatever has
 * changed meanwhile, without anything being remembered.
 */
public final class NameHash {

  private NameHash() {}

  /**
   * Returns the offset of a name: 62 bits of FNV-1a. Two names of one directory have the same so
   * seldom that it does not matter that one of them may be listed twice then.
   *
   * @return a positive number, far enough from the largest to be added to
   */
  public static long of(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    // FNV's high bits are its worst for short names that differ at the end; this mixes them.
    hash = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
    return (hash >>> 2) + 1;
  }
}
