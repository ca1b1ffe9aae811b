package org.usermem.fs.vfs;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.FileSystem;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;

/** The mount of the VFS. What is mounted where changes under the lock of the {@link MountTable}. */
final class MountPoint implements Mount {

  private final int id;
  private final SuperBlock superBlock;
  private final CachedDentry root;
  private final String source;

  // What is mounted on dentries of this mount. Read without a lock by path walks.
  private final ConcurrentHashMap<CachedDentry, MountPoint> children = new ConcurrentHashMap<>(2);

  // References of others; one more for being attached. At zero the mount has ended.
  private final AtomicInteger references = new AtomicInteger(1);

  private volatile @Nullable Location mountPoint;
  private volatile int flags;

  MountPoint(int id, SuperBlock superBlock, CachedDentry root, String source, int flags) {
    this.id = id;
    this.superBlock = superBlock;
    this.root = root;
    this.source = source;
    this.flags = flags;
    superBlock.mounted();
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public FileSystem fileSystem() {
    return superBlock.fileSystem();
  }

  @Override
  public CachedDentry root() {
    return root;
  }

  @Override
  public @Nullable Location mountPoint() {
    return mountPoint;
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public void incRef() {
    references.incrementAndGet();
  }

  @Override
  public void decRef() {
    if (references.decrementAndGet() == 0) {
      superBlock.unmounted();
    }
  }

  SuperBlock superBlock() {
    return superBlock;
  }

  /** Returns whether somebody beside the tree of mounts holds this. */
  boolean isBusy() {
    return references.get() > 1;
  }

  void setFlags(int newFlags) {
    flags = newFlags;
  }

  void setMountPoint(@Nullable Location newMountPoint) {
    mountPoint = newMountPoint;
  }

  ConcurrentHashMap<CachedDentry, MountPoint> children() {
    return children;
  }

  /** Returns what is mounted on a dentry of this mount, or null. */
  @Nullable MountPoint mountedOn(CachedDentry dentry) {
    return dentry.isMountPoint() ? children.get(dentry) : null;
  }

  @Override
  public String toString() {
    return "mount " + id + " of " + superBlock.fileSystem().typeName();
  }
}
