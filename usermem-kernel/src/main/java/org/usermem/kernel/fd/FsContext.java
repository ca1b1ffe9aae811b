package org.usermem.kernel.fd;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.fs.Location;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.vfs.PathContext;

/**
 * Where a process's paths start: {@code struct fs_struct}. It holds references on the mounts of its
 * root and working directory. Safe for use by several threads.
 */
public final class FsContext {

  private static final int UMASK_BITS = 0777;

  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile Location root;
  private volatile Location workingDirectory;
  private volatile int umask;

  /**
   * Makes a context with one user.
   *
   * @param root the root; a reference is taken
   * @param workingDirectory the working directory; a reference is taken
   * @param umask permission bits that new files do not get
   */
  public FsContext(Location root, Location workingDirectory, int umask) {
    root.incRef();
    workingDirectory.incRef();
    this.root = root;
    this.workingDirectory = workingDirectory;
    this.umask = umask & UMASK_BITS;
  }

  /**
   * Returns the root.
   *
   * @return the location, valid while the context has users and nobody changes its root
   */
  public Location root() {
    return root;
  }

  /**
   * Returns the working directory.
   *
   * @return the location, valid while the context has users and nobody changes directory
   */
  public Location workingDirectory() {
    return workingDirectory;
  }

  /**
   * Returns the root with a reference taken on its mount.
   *
   * @return the location; the caller drops the reference
   */
  public Location acquireRoot() {
    lock.lock();
    try {
      root.incRef();
      return root;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the working directory with a reference taken on its mount.
   *
   * @return the location; the caller drops the reference
   */
  public Location acquireWorkingDirectory() {
    lock.lock();
    try {
      workingDirectory.incRef();
      return workingDirectory;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes the root (chroot(2)).
   *
   * @param location a directory; a reference is taken
   */
  public void setRoot(Location location) {
    location.incRef();
    Location before;
    lock.lock();
    try {
      before = root;
      root = location;
    } finally {
      lock.unlock();
    }
    before.decRef();
  }

  /**
   * Changes the working directory (chdir(2)).
   *
   * @param location a directory; a reference is taken
   */
  public void setWorkingDirectory(Location location) {
    location.incRef();
    Location before;
    lock.lock();
    try {
      before = workingDirectory;
      workingDirectory = location;
    } finally {
      lock.unlock();
    }
    before.decRef();
  }

  /**
   * Changes root and working directory where they are a certain place ({@code chroot_fs_refs}).
   * Nothing happens to a context without users.
   *
   * @param before the place
   * @param after what they shall be; references are taken
   */
  public void replace(Location before, Location after) {
    lock.lock();
    try {
      if (users.get() > 0) {
        root = replaced(root, before, after);
        workingDirectory = replaced(workingDirectory, before, after);
      }
    } finally {
      lock.unlock();
    }
  }

  private static Location replaced(Location now, Location before, Location after) {
    if (!now.isSame(before)) {
      return now;
    }
    after.incRef();
    now.decRef();
    return after;
  }

  /**
   * Returns the permission bits that new files do not get.
   *
   * @return the bits
   */
  public int umask() {
    return umask;
  }

  /**
   * Sets the permission bits that new files do not get (umask(2)).
   *
   * @param bits the bits; others than permissions are dropped
   * @return the bits before
   */
  public int setUmask(int bits) {
    lock.lock();
    try {
      int before = umask;
      umask = bits & UMASK_BITS;
      return before;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what paths mean here to whoever has some credentials. */
  public PathContext context(Credentials credentials) {
    return new PathContext(root, workingDirectory, credentials, umask);
  }

  /**
   * Returns a copy with one user, as fork makes it.
   *
   * @return the copy
   */
  public FsContext copy() {
    lock.lock();
    try {
      return new FsContext(root, workingDirectory, umask);
    } finally {
      lock.unlock();
    }
  }

  /** Counts one more task that uses the context. */
  public void incUsers() {
    users.incrementAndGet();
  }

  /** Counts one task less; when the last is gone the references are dropped. */
  public void decUsers() {
    if (users.decrementAndGet() == 0) {
      Location lastRoot;
      Location lastDirectory;
      lock.lock();
      try {
        lastRoot = root;
        lastDirectory = workingDirectory;
      } finally {
        lock.unlock();
      }
      lastRoot.decRef();
      lastDirectory.decRef();
    }
  }

  /**
   * Returns whether several tasks use the context.
   *
   * @return whether they do
   */
  public boolean isShared() {
    return users.get() > 1;
  }
}
