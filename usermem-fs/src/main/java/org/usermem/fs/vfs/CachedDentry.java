package org.usermem.fs.vfs;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.Dentry;
import org.usermem.fs.Directory;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;

/**
 * The dentry of the VFS. That of a directory has a table of the names in it that are known, and the
 * lock under which its entries change.
 */
final class CachedDentry extends CacheEntry implements Dentry {

  private static final AtomicIntegerFieldUpdater<CachedDentry> MOUNTS =
      AtomicIntegerFieldUpdater.newUpdater(CachedDentry.class, "mounts");

  private final SuperBlock superBlock;
  private final Inode inode;

  /** Excludes changes of entries and lookups that miss; null unless this is a directory. */
  private final @Nullable ReentrantLock lock;

  // Changed by renames only, which hold the locks of both directories.
  private volatile @Nullable CachedDentry parent;
  private volatile String name;
  private volatile boolean removed;

  // How many mounts are on this dentry, in whatever tree of mounts.
  private volatile int mounts;

  // Values are CacheEntry or EvictedDentry.
  private volatile @Nullable ConcurrentHashMap<String, Object> table;

  // The location in the mount through which this was found last: most are found through one only.
  private volatile @Nullable Location lastLocation;

  CachedDentry(SuperBlock superBlock, @Nullable CachedDentry parent, String name, Inode inode) {
    this.superBlock = superBlock;
    this.parent = parent;
    this.name = name;
    this.inode = inode;
    this.lock = inode instanceof Directory ? new ReentrantLock() : null;
  }

  @Override
  public @Nullable CachedDentry parent() {
    return parent;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Inode inode() {
    return inode;
  }

  @Override
  public boolean isRemoved() {
    return removed;
  }

  @Override
  @Nullable CachedDentry directory() {
    return parent;
  }

  @Override
  String entryName() {
    return name;
  }

  SuperBlock superBlock() {
    return superBlock;
  }

  ReentrantLock lock() {
    return Objects.requireNonNull(lock, "not a directory");
  }

  /** Returns what is known of a name: a CacheEntry, an EvictedDentry, or null. */
  @Nullable Object known(String child) {
    ConcurrentHashMap<String, Object> known = table;
    return known == null ? null : known.get(child);
  }

  /** Notes what a name stands for; the caller holds the lock. */
  void put(String child, Object entry) {
    ConcurrentHashMap<String, Object> known = table;
    if (known == null) {
      known = new ConcurrentHashMap<>(4);
      table = known;
    }
    known.put(child, entry);
  }

  /** Forgets a name, whatever is known of it; the caller holds the lock. */
  void forget(String child) {
    ConcurrentHashMap<String, Object> known = table;
    if (known != null) {
      known.remove(child);
    }
  }

  /** Forgets a name if this is what is known of it. */
  void forget(String child, Object entry) {
    ConcurrentHashMap<String, Object> known = table;
    if (known != null) {
      known.remove(child, entry);
    }
  }

  /** Puts something in the place of an entry unless that has changed. */
  boolean replace(String child, Object entry, Object newEntry) {
    ConcurrentHashMap<String, Object> known = table;
    return known != null && known.replace(child, entry, newEntry);
  }

  /** Gives this dentry another place; the caller holds the locks of both directories. */
  void move(CachedDentry newParent, String newName) {
    parent = newParent;
    name = newName;
  }

  void markRemoved() {
    removed = true;
  }

  boolean isMountPoint() {
    return mounts != 0;
  }

  void mounted() {
    MOUNTS.incrementAndGet(this);
  }

  void unmounted() {
    MOUNTS.decrementAndGet(this);
  }

  /** Returns this place in a mount. */
  Location in(MountPoint mount) {
    Location last = lastLocation;
    if (last != null && last.mount() == mount) {
      return last;
    }
    Location made = new Location(mount, this);
    lastLocation = made;
    return made;
  }

  /** Returns whether this is a directory above another, or the other itself. */
  boolean isAncestorOf(CachedDentry other) {
    for (CachedDentry at = other; at != null; at = at.parent) {
      if (at == this) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return "dentry '" + name + "' of " + inode;
  }
}
