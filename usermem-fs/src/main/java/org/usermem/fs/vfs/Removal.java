package org.usermem.fs.vfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileEvents;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.access.Access;
import org.usermem.fs.watch.WatchEvents;

/** Removes names: unlink(2), rmdir(2). */
final class Removal {

  private final DentryCache cache;

  Removal(DentryCache cache) {
    this.cache = cache;
  }

  void unlink(PathContext context, Location start, String path) {
    PathWalk walk = new PathWalk(cache, context, start, 0);
    Location where = walk.toParent(path);
    String name = walk.last();
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw LinuxException.of(Errno.EISDIR);
    }
    CachedDentry parent = (CachedDentry) where.dentry();
    parent.inode().checkAccess(context.credentials(), Access.EXECUTE);
    Inode removed;
    parent.lock().lock();
    try {
      CachedDentry victim = requireEntry(parent, name);
      boolean isDirectory = victim.inode() instanceof Directory;
      if (walk.slashAfterLast()) {
        throw LinuxException.of(isDirectory ? Errno.EISDIR : Errno.ENOTDIR);
      }
      Permissions.requireWritableMount(where);
      Permissions.requireRemovable(parent, victim, context.credentials());
      if (isDirectory) {
        throw LinuxException.of(Errno.EISDIR);
      }
      removed = victim.inode();
      removed.incUses();
      try {
        ((Directory) parent.inode()).unlink(name, removed);
      } catch (LinuxException e) {
        removed.decUses();
        throw e;
      }
      victim.markRemoved();
      cache.noteAbsent(parent, name);
    } finally {
      parent.lock().unlock();
    }
    // In this order as on Linux: what happens to the inode comes before what happens to its name.
    FileEvents.self(removed, WatchEvents.ATTRIBUTES);
    removed.decUses();
    FileEvents.entry(parent.inode(), WatchEvents.DELETE, 0, name, removed);
  }

  void removeDirectory(PathContext context, Location start, String path) {
    PathWalk walk = new PathWalk(cache, context, start, 0);
    Location where = walk.toParent(path);
    String name = walk.last();
    switch (name) {
      case "" -> throw LinuxException.of(Errno.EBUSY);
      case "." -> throw LinuxException.of(Errno.EINVAL);
      case ".." -> throw LinuxException.of(Errno.ENOTEMPTY);
      default -> {}
    }
    CachedDentry parent = (CachedDentry) where.dentry();
    parent.inode().checkAccess(context.credentials(), Access.EXECUTE);
    Directory removed;
    parent.lock().lock();
    try {
      CachedDentry victim = requireEntry(parent, name);
      Permissions.requireWritableMount(where);
      Permissions.requireRemovable(parent, victim, context.credentials());
      if (!(victim.inode() instanceof Directory directory)) {
        throw LinuxException.of(Errno.ENOTDIR);
      }
      removed = directory;
      removed.incUses();
      // Nothing may be created in it from the check for emptiness on.
      victim.lock().lock();
      try {
        ((Directory) parent.inode()).removeDirectory(name, removed);
        victim.markRemoved();
      } catch (LinuxException e) {
        removed.decUses();
        throw e;
      } finally {
        victim.lock().unlock();
      }
      cache.noteAbsent(parent, name);
    } finally {
      parent.lock().unlock();
    }
    removed.decUses();
    FileEvents.entry(parent.inode(), WatchEvents.DELETE, 0, name, removed);
  }

  private CachedDentry requireEntry(CachedDentry parent, String name) {
    CachedDentry found = cache.lookupLocked(parent, name);
    if (found == null) {
      throw LinuxException.of(Errno.ENOENT);
    }
    return found;
  }
}
