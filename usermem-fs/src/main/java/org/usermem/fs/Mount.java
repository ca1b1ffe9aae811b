package org.usermem.fs;

import org.jspecify.annotations.Nullable;

/**
 * One appearance of a file system (or of a subtree of it) in a tree of mounts. Mounts belong to the
 * VFS.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public interface Mount {

  /** No changes through this mount (MS_RDONLY). */
  int READ_ONLY = 1;

  /** Set-user-ID and set-group-ID bits have no effect (MS_NOSUID). */
  int NO_SET_ID = 2;

  /** Device nodes can't be opened (MS_NODEV). */
  int NO_DEVICES = 4;

  /** Nothing can be executed (MS_NOEXEC). */
  int NO_EXECUTE = 8;

  /** Access times are not updated (MS_NOATIME). */
  int NO_ACCESS_TIME = 1024;

  /** Access times of directories are not updated (MS_NODIRATIME). */
  int NO_DIRECTORY_ACCESS_TIME = 2048;

  /**
   * Returns the number of this mount, unique in its VFS (the first field of mountinfo).
   *
   * @return a positive number
   */
  int id();

  /**
   * Returns the file system that is mounted.
   *
   * @return the file system
   */
  FileSystem fileSystem();

  /**
   * Returns the dentry that appears at the mount point.
   *
   * @return the root of this mount; not always the root of the file system
   */
  Dentry root();

  /**
   * Returns where this is mounted.
   *
   * @return the place in the parent mount that this covers; null for the root of a tree of mounts
   */
  @Nullable Location mountPoint();

  /**
   * Returns the flags of this mount.
   *
   * @return constants of this interface that hold
   */
  int flags();

  /**
   * Returns what was given as the source, as /proc/mounts shows it.
   *
   * @return the source
   */
  String source();

  /** Takes a reference: a mount with references is busy and is not unmounted. */
  void incRef();

  /** Drops a reference that {@link #incRef()} took. */
  void decRef();

  /**
   * Returns whether a flag is set.
   *
   * @param flag constants of this interface
   * @return whether at least one of them holds
   */
  default boolean has(int flag) {
    return (flags() & flag) != 0;
  }
}
