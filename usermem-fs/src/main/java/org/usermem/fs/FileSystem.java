package org.usermem.fs;

import org.usermem.fs.attribute.FileSystemAttributes;

/**
 * A tree of {@link Inode}s: what a plug-in author implements, together with subclasses of {@link
 * Directory}, {@link RegularFile} and whatever other kinds of file it has.
 *
 * <p>The VFS walks paths, caches names, checks permissions, mounts, locks and notifies; a file
 * system only answers for its own inodes. It sees a program's memory only as the {@link
 * org.usermem.sequence.Sink} or {@link org.usermem.sequence.Source} of the call. It never waits for
 * a guest: what can't be done now fails with EAGAIN, and the queue of the description is notified
 * when it can be.
 *
 * <p>Thread safety: the VFS calls concurrently. What it serialises is said at {@link Directory}.
 */
public abstract class FileSystem implements AutoCloseable {

  private final FileSystemContext context;
  private final String typeName;

  /**
   * Creates a file system.
   *
   * @param context what the VFS gives to a file system, with its own device number
   * @param typeName the name of its type, as in /proc/filesystems
   */
  protected FileSystem(FileSystemContext context, String typeName) {
    this.context = context;
    this.typeName = typeName;
  }

  /** Returns the root of the tree, always the same object. */
  public abstract Directory root();

  /** Returns what statfs(2) says. */
  public abstract FileSystemAttributes attributes();

  /**
   * Returns whether names may change behind the VFS's back. If so, {@link Directory#isCurrent} is
   * asked each time that a cached name is used; if not, what a lookup gave (an inode or nothing)
   * stays true until a call through the VFS changes it.
   */
  public boolean changesByItself() {
    return false;
  }

  /** Returns whether nothing in it can ever be changed: changes fail with EROFS. */
  public boolean isReadOnly() {
    return false;
  }

  /**
   * Returns the options as /proc/mounts shows them after "rw" or "ro", such as {@code size=64k}.
   */
  public String options() {
    return "";
  }

  /** Writes everything that is not yet in its storage there, as syncfs(2). */
  public void sync() {}

  /**
   * Gives everything back. The VFS calls this once, after the last mount and the last description
   * have gone.
   */
  @Override
  public void close() {}

  /** Returns what the VFS gave to this file system. */
  public final FileSystemContext context() {
    return context;
  }

  /** Returns the name of its type. */
  public final String typeName() {
    return typeName;
  }

  /** Returns the device number of its files. */
  public final long deviceId() {
    return context.deviceId();
  }
}
