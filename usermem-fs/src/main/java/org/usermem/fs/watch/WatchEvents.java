package org.usermem.fs.watch;

/** Events on inodes, with the values of inotify(7). */
public final class WatchEvents {

  /** The file was read. */
  public static final int ACCESS = 0x1;

  /** The file was written or truncated. */
  public static final int MODIFY = 0x2;

  /** Attributes changed. */
  public static final int ATTRIBUTES = 0x4;

  /** A description that was open for writing was closed. */
  public static final int CLOSE_WRITE = 0x8;

  /** A description that was not open for writing was closed. */
  public static final int CLOSE_NO_WRITE = 0x10;

  /** The file was opened. */
  public static final int OPEN = 0x20;

  /** An entry was renamed away from the directory. */
  public static final int MOVED_FROM = 0x40;

  /** An entry was renamed into the directory. */
  public static final int MOVED_TO = 0x80;

  /** An entry was created in the directory. */
  public static final int CREATE = 0x100;

  /** An entry was removed from the directory. */
  public static final int DELETE = 0x200;

  /** The inode itself was removed. */
  public static final int DELETE_SELF = 0x400;

  /** The inode itself was renamed. */
  public static final int MOVE_SELF = 0x800;

  /** Every event. */
  public static final int ALL = 0xFFF;

  /** The file system was unmounted. */
  public static final int UNMOUNT = 0x2000;

  /** In the mask of a watch: no events on files whose name was removed (IN_EXCL_UNLINK). */
  public static final int EXCLUDE_REMOVED = 0x0400_0000;

  /** With another bit: the event is about a directory. */
  public static final int DIRECTORY = 0x4000_0000;

  private WatchEvents() {}
}
