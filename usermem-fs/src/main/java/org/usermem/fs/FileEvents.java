package org.usermem.fs;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.watch.WatchEvents;
import org.usermem.fs.watch.WatchList;

/** Tells those who watch an inode, or the directory that holds it, what happened to it. */
public final class FileEvents {

  private FileEvents() {}

  /**
   * Tells of an event on a file: its own watches, and those of its directory with its name.
   *
   * @param location the file
   * @param events one bit of {@link WatchEvents}
   */
  public static void happened(Location location, int events) {
    happened(location.dentry(), events);
  }

  /**
   * Tells of an event on a file, as {@link #happened(Location, int)}.
   *
   * @param dentry the file
   * @param events one bit of {@link WatchEvents}
   */
  public static void happened(Dentry dentry, int events) {
    happened(dentry, events, true);
  }

  /**
   * Tells of a change of a file's attributes, as {@link #happened(Location, int)}, but also those
   * watches that want nothing of removed names: what is told is the inode's ({@code
   * fsnotify_change}).
   *
   * @param location the file
   * @param events one bit of {@link WatchEvents}
   */
  public static void changed(Location location, int events) {
    happened(location.dentry(), events, false);
  }

  private static void happened(Dentry dentry, int events, boolean byName) {
    Dentry parent = dentry.parent();
    WatchList above = parent == null ? null : parent.inode().watchesIfAny();
    WatchList own = dentry.inode().watchesIfAny();
    if (above != null || own != null) {
      tellSlow(dentry, events, above, own, byName && dentry.isRemoved());
    }
  }

  private static void tellSlow(
      Dentry dentry,
      int events,
      @Nullable WatchList above,
      @Nullable WatchList own,
      boolean removed) {
    int all = events | directoryBit(dentry.inode());
    if (above != null) {
      above.notify(all, 0, dentry.name(), removed);
    }
    if (own != null) {
      own.notify(all, 0, "", removed);
    }
  }

  /**
   * Tells of an event on an entry of a directory: the directory's watches alone.
   *
   * @param directory the directory
   * @param events one bit of {@link WatchEvents}
   * @param cookie what the halves of a rename have in common, or 0
   * @param name the entry
   * @param inode what the entry names
   */
  public static void entry(Inode directory, int events, int cookie, String name, Inode inode) {
    WatchList watches = directory.watchesIfAny();
    if (watches != null) {
      watches.notify(events | directoryBit(inode), cookie, name);
    }
  }

  /**
   * Tells of an event on an inode itself: its own watches alone.
   *
   * @param inode the inode
   * @param events one bit of {@link WatchEvents}
   */
  public static void self(Inode inode, int events) {
    WatchList watches = inode.watchesIfAny();
    if (watches != null) {
      watches.notify(events, 0, "");
      if (events == WatchEvents.DELETE_SELF || events == WatchEvents.UNMOUNT) {
        watches.removeAll();
      }
    }
  }

  private static int directoryBit(Inode inode) {
    return inode.type() == FileType.DIRECTORY ? WatchEvents.DIRECTORY : 0;
  }
}
