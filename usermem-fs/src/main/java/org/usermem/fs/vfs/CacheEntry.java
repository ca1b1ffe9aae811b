package org.usermem.fs.vfs;

import org.jspecify.annotations.Nullable;

/** What the cache of names holds for a name: a dentry, or the fact that there is nothing. */
abstract sealed class CacheEntry permits CachedDentry, AbsentName {

  // Set by each hit, cleared by the sweep: a second chance before eviction.
  private volatile boolean used;

  // Whether the ring of the cache holds this; guarded by the ring's lock.
  boolean inRing;

  /** Returns the directory in whose table this entry is. */
  abstract @Nullable CachedDentry directory();

  /** Returns the name under which it is there. */
  abstract String entryName();

  final void markUsed() {
    // The load keeps hits from writing to a line that other threads read.
    if (!used) {
      used = true;
    }
  }

  final boolean takeUsed() {
    boolean was = used;
    used = false;
    return was;
  }
}
