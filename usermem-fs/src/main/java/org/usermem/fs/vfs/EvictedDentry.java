package org.usermem.fs.vfs;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * Stands in a directory's table for a dentry that the cache no longer holds but somebody else may:
 * whoever looks the name up meanwhile gets the same dentry back.
 */
final class EvictedDentry extends WeakReference<CachedDentry> {

  private final CachedDentry directory;
  private final String name;

  EvictedDentry(
      CachedDentry dentry,
      CachedDentry directory,
      String name,
      ReferenceQueue<CachedDentry> collected) {
    super(dentry, collected);
    this.directory = directory;
    this.name = name;
  }

  /** Takes this out of the directory's table, after the dentry was collected. */
  void forget() {
    directory.forget(name, this);
  }
}
