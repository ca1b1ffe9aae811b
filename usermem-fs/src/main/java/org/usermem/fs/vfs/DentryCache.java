package org.usermem.fs.vfs;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileNames;
import org.usermem.fs.Inode;

/**
 * The cache of names of all file systems of a VFS, bounded in the number of entries.
 *
 * <p>Entries live in the tables of their directories, where they are found without a lock. The ring
 * here decides what stays: a clock with a second chance for what was used. What is evicted is still
 * found as long as somebody holds it.
 */
@SuppressWarnings("ReferenceEquality") // Inodes are themselves.
final class DentryCache {

  private final int entryLimit;
  private final ReferenceQueue<CachedDentry> collected = new ReferenceQueue<>();
  private final ArrayDeque<CacheEntry> ring = new ArrayDeque<>();

  DentryCache(int entryLimit) {
    this.entryLimit = entryLimit;
  }

  /**
   * Returns what a name in a directory stands for.
   *
   * @return null if there is no such name
   * @throws LinuxException what the file system says; ENAMETOOLONG
   */
  @Nullable CachedDentry lookup(CachedDentry directory, String name) {
    if (directory.superBlock().revalidates()) {
      return lookupSlow(directory, name);
    }
    Object known = directory.known(name);
    if (known instanceof CachedDentry dentry) {
      dentry.markUsed();
      return dentry;
    }
    if (known instanceof AbsentName absent) {
      absent.markUsed();
      return null;
    }
    return lookupSlow(directory, name);
  }

  private @Nullable CachedDentry lookupSlow(CachedDentry directory, String name) {
    if (directory.superBlock().revalidates()
        && directory.known(name) instanceof CachedDentry dentry
        && ((Directory) directory.inode()).isCurrent(name, dentry.inode())) {
      dentry.markUsed();
      return dentry;
    }
    directory.lock().lock();
    try {
      return lookupLocked(directory, name);
    } finally {
      directory.lock().unlock();
    }
  }

  /** As {@link #lookup}, for a caller that holds the directory's lock. */
  @Nullable CachedDentry lookupLocked(CachedDentry directory, String name) {
    Object known = directory.known(name);
    if (known instanceof EvictedDentry evicted) {
      CachedDentry revived = evicted.get();
      if (revived != null) {
        directory.put(name, revived);
        keep(revived);
        known = revived;
      }
    }
    Directory inode = (Directory) directory.inode();
    boolean revalidates = directory.superBlock().revalidates();
    if (known instanceof CachedDentry dentry
        && (!revalidates || inode.isCurrent(name, dentry.inode()))) {
      return dentry;
    }
    if (known instanceof AbsentName && !revalidates) {
      return null;
    }
    if (name.length() > FileNames.NAME_BYTE_LIMIT) {
      throw LinuxException.of(Errno.ENAMETOOLONG);
    }
    Inode found = directory.isRemoved() ? null : inode.lookup(name);
    if (known instanceof CachedDentry stale) {
      if (stale.inode() == found) {
        return stale;
      }
      directory.forget(name, stale);
      stale.markRemoved();
    }
    if (found == null) {
      if (!revalidates && !directory.isRemoved()) {
        noteAbsent(directory, name);
      }
      return null;
    }
    return insert(directory, name, found);
  }

  /** Notes that a name stands for an inode; the caller holds the directory's lock. */
  CachedDentry insert(CachedDentry directory, String name, Inode inode) {
    CachedDentry dentry = new CachedDentry(directory.superBlock(), directory, name, inode);
    directory.put(name, dentry);
    keep(dentry);
    return dentry;
  }

  /** Notes that a name stands for nothing; the caller holds the directory's lock. */
  void noteAbsent(CachedDentry directory, String name) {
    if (directory.superBlock().revalidates()) {
      directory.forget(name);
      return;
    }
    AbsentName absent = new AbsentName(directory, name);
    directory.put(name, absent);
    keep(absent);
  }

  private void keep(CacheEntry entry) {
    forgetCollected();
    entry.markUsed();
    synchronized (ring) {
      if (!entry.inRing) {
        entry.inRing = true;
        ring.addLast(entry);
      }
      // At most two turns: the first takes the used marks off.
      for (int i = 2 * ring.size(); i > 0 && ring.size() > entryLimit; i--) {
        sweepOne(ring.removeFirst());
      }
    }
  }

  private void sweepOne(CacheEntry entry) {
    CachedDentry directory = entry.directory();
    String name = entry.entryName();
    if (directory == null || directory.known(name) != entry) {
      entry.inRing = false;
      return;
    }
    if (entry.takeUsed() || (entry instanceof CachedDentry dentry && dentry.isMountPoint())) {
      ring.addLast(entry);
      return;
    }
    entry.inRing = false;
    // A rename between the two reads above makes these do nothing: then the entry is merely no
    // longer bounded until it is found again.
    if (entry instanceof CachedDentry dentry) {
      directory.replace(name, entry, new EvictedDentry(dentry, directory, name, collected));
    } else {
      directory.forget(name, entry);
    }
  }

  private void forgetCollected() {
    Reference<? extends CachedDentry> reference;
    while ((reference = collected.poll()) != null) {
      ((EvictedDentry) reference).forget();
    }
  }

  /** Returns the number of entries that the cache holds. */
  int entryCount() {
    synchronized (ring) {
      return ring.size();
    }
  }
}
