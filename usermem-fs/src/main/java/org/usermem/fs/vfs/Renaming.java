package org.usermem.fs.vfs;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileEvents;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.RenameFlags;
import org.usermem.fs.access.Access;
import org.usermem.fs.watch.WatchEvents;

/** Moves names: rename(2), renameat2(2), by the rules of {@code do_renameat2} of Linux. */
@SuppressWarnings("ReferenceEquality") // Inodes and mounts are themselves.
final class Renaming {

  private final DentryCache cache;
  private final AtomicInteger cookies = new AtomicInteger();

  Renaming(DentryCache cache) {
    this.cache = cache;
  }

  void rename(
      PathContext context,
      Location oldStart,
      String oldPath,
      Location newStart,
      String newPath,
      int flags) {
    requireFlags(flags);
    PathWalk oldWalk = new PathWalk(cache, context, oldStart, 0);
    Location from = oldWalk.toParent(oldPath);
    PathWalk newWalk = new PathWalk(cache, context, newStart, 0);
    Location to = newWalk.toParent(newPath);
    if (from.mount() != to.mount()) {
      throw LinuxException.of(Errno.EXDEV);
    }
    requireName(oldWalk.last(), Errno.EBUSY);
    requireName(newWalk.last(), (flags & RenameFlags.NO_REPLACE) != 0 ? Errno.EEXIST : Errno.EBUSY);
    Permissions.requireWritableMount(from);
    CachedDentry oldParent = (CachedDentry) from.dentry();
    CachedDentry newParent = (CachedDentry) to.dentry();
    oldParent.inode().checkAccess(context.credentials(), Access.EXECUTE);
    newParent.inode().checkAccess(context.credentials(), Access.EXECUTE);
    boolean directoryOnly = oldWalk.slashAfterLast() || newWalk.slashAfterLast();
    boolean across = oldParent != newParent;
    if (across) {
      oldParent.superBlock().renameLock().lock();
    }
    Inode gone;
    try {
      CachedDentry first = newParent.isAncestorOf(oldParent) ? newParent : oldParent;
      CachedDentry second = first == oldParent ? newParent : oldParent;
      first.lock().lock();
      second.lock().lock(); // the same again if there is only one
      try {
        gone =
            renameLocked(
                context,
                oldParent,
                oldWalk.last(),
                newParent,
                newWalk.last(),
                directoryOnly,
                flags);
      } finally {
        second.lock().unlock();
        first.lock().unlock();
      }
    } finally {
      if (across) {
        oldParent.superBlock().renameLock().unlock();
      }
    }
    if (gone != null) {
      gone.decUses();
    }
  }

  private static void requireFlags(int flags) {
    if ((flags & ~(RenameFlags.NO_REPLACE | RenameFlags.EXCHANGE | RenameFlags.WHITEOUT)) != 0
        || ((flags & RenameFlags.EXCHANGE) != 0 && flags != RenameFlags.EXCHANGE)) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static void requireName(String name, Errno otherwise) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw LinuxException.of(otherwise);
    }
  }

  // Returns what was replaced, with a use for the caller to end outside of the locks.
  private @Nullable Inode renameLocked(
      PathContext context,
      CachedDentry oldParent,
      String oldName,
      CachedDentry newParent,
      String newName,
      boolean directoryOnly,
      int flags) {
    CachedDentry moved = cache.lookupLocked(oldParent, oldName);
    if (moved == null) {
      throw LinuxException.of(Errno.ENOENT);
    }
    CachedDentry target = cache.lookupLocked(newParent, newName);
    boolean exchanges = (flags & RenameFlags.EXCHANGE) != 0;
    requireShape(moved, target, directoryOnly, flags);
    if (moved.inode() instanceof Directory && moved.isAncestorOf(newParent)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (target != null && target.isAncestorOf(oldParent)) {
      throw LinuxException.of(exchanges ? Errno.EINVAL : Errno.ENOTEMPTY);
    }
    if (target != null && target.inode() == moved.inode()) {
      return null;
    }
    checkPermitted(context, oldParent, moved, newParent, target, exchanges);

    Inode replaced = target == null ? null : target.inode();
    if (replaced != null) {
      replaced.incUses();
    }
    // Nothing may be created in a directory that is replaced, from the check for emptiness on.
    CachedDentry emptied = replaced instanceof Directory && !exchanges ? target : null;
    if (emptied != null) {
      emptied.lock().lock();
    }
    try {
      ((Directory) oldParent.inode())
          .rename(oldName, moved.inode(), (Directory) newParent.inode(), newName, replaced, flags);
      if (emptied != null) {
        emptied.markRemoved();
      }
    } catch (LinuxException e) {
      if (replaced != null) {
        replaced.decUses();
      }
      throw e;
    } finally {
      if (emptied != null) {
        emptied.lock().unlock();
      }
    }
    update(oldParent, oldName, moved, newParent, newName, target, flags);
    tell(oldParent, oldName, moved, newParent, newName, target, exchanges);
    return replaced;
  }

  private static void requireShape(
      CachedDentry moved, @Nullable CachedDentry target, boolean directoryOnly, int flags) {
    boolean exchanges = (flags & RenameFlags.EXCHANGE) != 0;
    if (target != null && (flags & RenameFlags.NO_REPLACE) != 0) {
      throw LinuxException.of(Errno.EEXIST);
    }
    if (target == null && exchanges) {
      throw LinuxException.of(Errno.ENOENT);
    }
    boolean movesDirectory = moved.inode() instanceof Directory;
    if (directoryOnly && !movesDirectory) {
      throw LinuxException.of(Errno.ENOTDIR);
    }
    if (target == null || exchanges || target.inode() == moved.inode()) {
      return;
    }
    boolean replacesDirectory = target.inode() instanceof Directory;
    if (movesDirectory && !replacesDirectory) {
      throw LinuxException.of(Errno.ENOTDIR);
    }
    if (!movesDirectory && replacesDirectory) {
      throw LinuxException.of(Errno.EISDIR);
    }
  }

  private static void checkPermitted(
      PathContext context,
      CachedDentry oldParent,
      CachedDentry moved,
      CachedDentry newParent,
      @Nullable CachedDentry target,
      boolean exchanges) {
    Permissions.requireRemovable(oldParent, moved, context.credentials());
    if (target == null) {
      Permissions.requireCreatable(newParent, context.credentials());
    } else {
      Permissions.requireRemovable(newParent, target, context.credentials());
    }
    // A directory that changes its parent is written to: its ".." changes.
    if (oldParent != newParent) {
      if (moved.inode() instanceof Directory directory) {
        directory.checkAccess(context.credentials(), Access.WRITE);
      }
      if (exchanges && target != null && target.inode() instanceof Directory directory) {
        directory.checkAccess(context.credentials(), Access.WRITE);
      }
    }
  }

  private void update(
      CachedDentry oldParent,
      String oldName,
      CachedDentry moved,
      CachedDentry newParent,
      String newName,
      @Nullable CachedDentry target,
      int flags) {
    moved.move(newParent, newName);
    newParent.put(newName, moved);
    if (target != null && (flags & RenameFlags.EXCHANGE) != 0) {
      target.move(oldParent, oldName);
      oldParent.put(oldName, target);
      return;
    }
    if (target != null) {
      target.markRemoved();
    }
    if ((flags & RenameFlags.WHITEOUT) != 0) {
      oldParent.forget(oldName);
    } else {
      cache.noteAbsent(oldParent, oldName);
    }
  }

  private void tell(
      CachedDentry oldParent,
      String oldName,
      CachedDentry moved,
      CachedDentry newParent,
      String newName,
      @Nullable CachedDentry target,
      boolean exchanges) {
    int cookie = cookies.incrementAndGet();
    FileEvents.entry(oldParent.inode(), WatchEvents.MOVED_FROM, cookie, oldName, moved.inode());
    FileEvents.entry(newParent.inode(), WatchEvents.MOVED_TO, cookie, newName, moved.inode());
    FileEvents.self(moved.inode(), WatchEvents.MOVE_SELF);
    if (target == null) {
      return;
    }
    if (exchanges) {
      int second = cookies.incrementAndGet();
      FileEvents.entry(newParent.inode(), WatchEvents.MOVED_FROM, second, newName, target.inode());
      FileEvents.entry(oldParent.inode(), WatchEvents.MOVED_TO, second, oldName, target.inode());
      FileEvents.self(target.inode(), WatchEvents.MOVE_SELF);
    } else {
      FileEvents.self(target.inode(), WatchEvents.ATTRIBUTES);
    }
  }
}
