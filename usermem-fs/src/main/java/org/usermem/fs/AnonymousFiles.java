package org.usermem.fs;

/**
 * Where inodes without a name live: those of pipes, eventfds and the like. The VFS implements this.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public interface AnonymousFiles {

  /** Returns the file system that anonymous inodes belong to. */
  FileSystem fileSystem();

  /** Returns an inode number that was not given before. */
  long newInodeNumber();

  /**
   * Returns a place for an inode, reached by no path.
   *
   * @param inode the inode
   * @param displayName what /proc/PID/fd shows, such as {@code "pipe:[12]"}
   */
  Location place(Inode inode, String displayName);
}
