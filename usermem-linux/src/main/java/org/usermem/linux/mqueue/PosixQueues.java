package org.usermem.linux.mqueue;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.Location;
import org.usermem.fs.NewFile;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.kernel.Task;
import org.usermem.linux.sysv.Budget;

/** The queues of a namespace, and the mount by which calls reach them by name. Thread-safe. */
public final class PosixQueues implements AutoCloseable {
  private static final int KNOWN_FLAGS =
      OpenFlags.ACCESS_MODE | OpenFlags.NON_BLOCKING | OpenFlags.CLOSE_ON_EXEC;

  private final VirtualFileSystem vfs;
  private final QueueFileSystem queues;
  private final MountNamespace mount;

  /**
   * Makes the queues of a namespace: none yet.
   *
   * @param memory what messages of all namespaces may take, in bytes
   */
  public PosixQueues(VirtualFileSystem vfs, Budget memory) {
    this.vfs = vfs;
    this.queues = new QueueFileSystem(vfs.newContext(), new QueueBudget(memory));
    this.mount = vfs.newNamespace(queues, "mqueue", 0);
  }

  /**
   * Opens a queue as mq_open(2) does.
   *
   * @param size how much a new queue is to hold; null for what is usual
   * @throws LinuxException ENOENT, EEXIST, EACCES, EINVAL, ENAMETOOLONG, ENOSPC or EMFILE
   */
  public FileDescription open(
      Task task, String name, int flags, int permissions, @Nullable QueueSize size) {
    int access = flags & OpenFlags.ACCESS_MODE;
    Credentials who = task.credentials().forFiles();
    boolean isNew = create(task, require(name), flags, permissions, size);
    Location found = vfs.resolve(context(task), mount.root(), name, 0);
    if (!isNew) {
      if (access == OpenFlags.ACCESS_MODE) {
        throw LinuxException.of(Errno.EINVAL);
      }
      int wanted =
          (OpenFlags.reads(flags) ? Access.READ : 0) | (OpenFlags.writes(flags) ? Access.WRITE : 0);
      found.inode().checkAccess(who, wanted);
    }
    return found.inode().open(new OpenRequest(found, flags & KNOWN_FLAGS, who));
  }

  /** Makes a queue if there is none; returns whether it did. */
  private boolean create(
      Task task, String name, int flags, int permissions, @Nullable QueueSize size) {
    QueueFileSystem.Root root = queues.root();
    synchronized (root) {
      boolean creates = (flags & OpenFlags.CREATE) != 0;
      if (root.lookup(name) != null) {
        if (creates && (flags & OpenFlags.EXCLUSIVE) != 0) {
          throw LinuxException.of(Errno.EEXIST);
        }
        return false;
      }
      if (!creates) {
        throw LinuxException.of(Errno.ENOENT);
      }
      Credentials who = task.credentials().forFiles();
      root.checkAccess(who, Access.WRITE | Access.EXECUTE);
      int mode = permissions & 0777 & ~task.fsContext().umask();
      NewFile file = new NewFile(mode, who.userId(), who.groupId());
      root.create(task, name, file, size == null ? QueueSize.DEFAULT : size);
      return true;
    }
  }

  /**
   * Removes a name as mq_unlink(2) does.
   *
   * @throws LinuxException ENOENT, EACCES or EPERM
   */
  public void unlink(Task task, String name) {
    vfs.unlink(context(task), mount.root(), require(name));
  }

  private PathContext context(Task task) {
    return new PathContext(mount.root(), mount.root(), task.credentials().forFiles(), 0);
  }

  /** Checks a name as {@code lookup_one_len} does. */
  private static String require(String name) {
    if (name.isEmpty()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw LinuxException.of(Errno.EACCES);
    }
    if (name.length() > 255) {
      throw LinuxException.of(Errno.ENAMETOOLONG);
    }
    return name;
  }

  /** Returns the file system of the queues, which programs may mount. */
  public FileSystem fileSystem() {
    return queues;
  }

  /** Removes all queues; who has one open keeps it. */
  @Override
  public void close() {
    queues.root().clear();
    mount.close();
  }
}
