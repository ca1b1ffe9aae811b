package org.usermem.fs;

import org.jspecify.annotations.Nullable;

/**
 * A name in a directory together with the inode that it names, as Linux's {@code struct dentry}.
 * Dentries belong to the VFS, which makes, caches and renames them; a file system deals in {@link
 * Inode}s. While somebody holds a dentry, every lookup of that name gives the same object.
 *
 * <p>Thread safety: immutable but for renames and removals; each method returns the state of one
 * moment.
 */
public interface Dentry {

  /**
   * Returns the dentry of the directory that holds this name.
   *
   * @return the parent; null for the root of a file system and for what has no name, such as a pipe
   */
  @Nullable Dentry parent();

  /**
   * Returns the name, one char (0 to 255) for each byte.
   *
   * @return the name without slashes; of the root of a file system, an empty string
   */
  String name();

  /**
   * Returns what the name stands for.
   *
   * @return the inode
   */
  Inode inode();

  /**
   * Returns whether the name was removed from its directory since.
   *
   * @return whether the dentry is no longer reachable by a path
   */
  boolean isRemoved();
}
