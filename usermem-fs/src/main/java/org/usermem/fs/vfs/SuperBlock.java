package org.usermem.fs.vfs;

import java.util.concurrent.locks.ReentrantLock;
import org.usermem.fs.FileSystem;

/** What the VFS keeps for one file system, however often it is mounted. */
final class SuperBlock {

  private final FileSystem fileSystem;
  private final boolean revalidates;
  private final CachedDentry root;

  /** Held by renames between directories, so that no two of them make a loop. */
  private final ReentrantLock renameLock = new ReentrantLock();

  private final Runnable onClose;
  private int mountCount; // guarded by this

  /**
   * Creates a super block.
   *
   * @param onClose runs when the last mount has ended, before the file system is closed
   */
  SuperBlock(FileSystem fileSystem, Runnable onClose) {
    this.fileSystem = fileSystem;
    this.onClose = onClose;
    this.revalidates = fileSystem.changesByItself();
    this.root = new CachedDentry(this, null, "", fileSystem.root());
  }

  FileSystem fileSystem() {
    return fileSystem;
  }

  boolean revalidates() {
    return revalidates;
  }

  CachedDentry root() {
    return root;
  }

  ReentrantLock renameLock() {
    return renameLock;
  }

  synchronized void mounted() {
    mountCount++;
  }

  /** Takes note of the end of a mount, and closes the file system after the last. */
  void unmounted() {
    synchronized (this) {
      mountCount--;
      if (mountCount > 0) {
        return;
      }
    }
    onClose.run();
    fileSystem.sync();
    fileSystem.close();
  }
}
