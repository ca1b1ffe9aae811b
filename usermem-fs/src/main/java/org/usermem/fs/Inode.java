package org.usermem.fs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.lock.FileLocks;
import org.usermem.fs.watch.WatchEvents;
import org.usermem.fs.watch.WatchList;

/**
 * A file of any kind, whatever its names. A file system extends one of the kinds: {@link
 * Directory}, {@link RegularFile}, {@link SymbolicLink}, {@link SpecialFile}; {@link
 * AnonymousInode} is for descriptions without a file behind them.
 *
 * <p>One file is one object as long as anybody uses it: two lookups of two hard links give the same
 * inode.
 *
 * <p><b>Uses.</b> Every description and every mapping counts as a use. When the last use ends,
 * {@link #idle()} is called, or {@link #dispose()} if there is no link either; after the latter
 * nobody can begin a use. A file system that has nothing to give back ignores all this.
 *
 * <p>Names and symbolic-link targets are strings with one char (0 to 255) for each byte, as the
 * guest gave them. Nothing in the VFS interprets them but for slashes and dots; {@link FileNames}
 * converts.
 *
 * <p>Thread safety: all methods may be called by any thread at any time, unless they say otherwise.
 */
public abstract class Inode {

  private static final int DISPOSED = Integer.MIN_VALUE;
  private static final VarHandle USES;
  private static final VarHandle LOCKS;
  private static final VarHandle WATCHES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      USES = lookup.findVarHandle(Inode.class, "uses", int.class);
      LOCKS = lookup.findVarHandle(Inode.class, "locks", FileLocks.class);
      WATCHES = lookup.findVarHandle(Inode.class, "watches", WatchList.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final FileSystem fileSystem;
  private final long number;

  @SuppressWarnings("UnusedVariable") // through USES
  private volatile int uses;

  private volatile @Nullable FileLocks locks;
  private volatile @Nullable WatchList watches;

  Inode(FileSystem fileSystem, long number) {
    this.fileSystem = fileSystem;
    this.number = number;
  }

  /** Returns the file system that this inode belongs to. */
  public final FileSystem fileSystem() {
    return fileSystem;
  }

  /** Returns the inode number, unique in its file system. */
  public final long number() {
    return number;
  }

  /** Returns the attributes that every path lookup asks for, the same object or another. */
  public abstract BasicAttributes basicAttributes();

  /**
   * Returns all attributes.
   *
   * @throws LinuxException what the storage says
   */
  public abstract FileAttributes attributes();

  /**
   * Changes attributes. The caller has checked that the change is permitted and completed it, see
   * {@link AttributeChange}.
   *
   * @throws LinuxException EPERM if the file system can't store the change; EISDIR or EINVAL for
   *     the size of what has none; what the storage says
   */
  public void setAttributes(AttributeChange change) {
    throw LinuxException.of(Errno.EPERM);
  }

  /**
   * Makes a description of this file.
   *
   * @param request what was asked for; permitted already
   * @return a description with one reference, which is the caller's
   * @throws LinuxException ENXIO if the kind of file can't be opened; what the storage says
   */
  public abstract FileDescription open(OpenRequest request);

  /**
   * Checks whether an access is permitted. The default goes by mode bits and capabilities.
   *
   * @param credentials who asks
   * @param wanted bits of {@link Access}
   * @throws LinuxException EACCES if not all of it is permitted
   */
  public void checkAccess(Credentials credentials, int wanted) {
    if (!Access.permits(credentials, mode(), userId(), groupId(), wanted)) {
      throw LinuxException.of(Errno.EACCES);
    }
  }

  /** Returns the extended attributes; by default there can be none. */
  public ExtendedAttributes extendedAttributes() {
    return ExtendedAttributes.NONE;
  }

  /** Returns type and permissions. */
  public final int mode() {
    return basicAttributes().mode();
  }

  /** Returns the owner. */
  public final int userId() {
    return basicAttributes().userId();
  }

  /** Returns the group. */
  public final int groupId() {
    return basicAttributes().groupId();
  }

  /** Returns the number of hard links; 0 once the last name was removed. */
  public final int linkCount() {
    return basicAttributes().linkCount();
  }

  /** Returns the kind of file. */
  public final FileType type() {
    return FileType.ofMode(mode());
  }

  /** Returns the permission bits of the mode, within 07777. */
  public final int permissions() {
    return mode() & FileMode.CHANGEABLE;
  }

  /**
   * Begins a use.
   *
   * @throws LinuxException ENOENT if the file has no name, no use and therefore no contents any
   *     more
   */
  public final void incUses() {
    int current;
    do {
      current = (int) USES.getVolatile(this);
      if (current == DISPOSED) {
        throw LinuxException.of(Errno.ENOENT);
      }
    } while (!USES.compareAndSet(this, current, current + 1));
  }

  /** Ends a use that {@link #incUses()} began. */
  public final void decUses() {
    int left = (int) USES.getAndAdd(this, -1) - 1;
    if (left < 0) {
      throw new IllegalStateException("a use of " + this + " ended that had not begun");
    }
    if (left > 0) {
      return;
    }
    if (linkCount() > 0) {
      idle();
    } else if (USES.compareAndSet(this, 0, DISPOSED)) {
      FileEvents.self(this, WatchEvents.DELETE_SELF);
      dispose();
    }
  }

  /** Returns whether a description or a mapping uses this file now. */
  public final boolean isUsed() {
    return (int) USES.getVolatile(this) > 0;
  }

  /** Is told that the last use has ended while there is a link. A new use may begin at any time. */
  protected void idle() {}

  /** Is told, once, that there is neither a use nor a link: contents can be freed. */
  protected void dispose() {}

  /** Returns the advisory locks on this file, the same object each time. */
  public final FileLocks locks() {
    FileLocks existing = locks;
    if (existing != null) {
      return existing;
    }
    FileLocks made = new FileLocks();
    FileLocks first = (FileLocks) LOCKS.compareAndExchange(this, (FileLocks) null, made);
    return first == null ? made : first;
  }

  /** Returns the advisory locks if anybody has ever asked for them. */
  public final @Nullable FileLocks locksIfAny() {
    return locks;
  }

  /** Returns the list of those who watch this inode, the same object each time. */
  public final WatchList watches() {
    WatchList existing = watches;
    if (existing != null) {
      return existing;
    }
    WatchList made = new WatchList();
    WatchList first = (WatchList) WATCHES.compareAndExchange(this, (WatchList) null, made);
    return first == null ? made : first;
  }

  /** Returns the list of those who watch this inode if anybody ever has. */
  public final @Nullable WatchList watchesIfAny() {
    return watches;
  }

  @Override
  public String toString() {
    return fileSystem.typeName() + ":" + type() + " inode " + number;
  }
}
