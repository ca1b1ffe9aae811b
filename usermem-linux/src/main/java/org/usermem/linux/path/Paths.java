package org.usermem.linux.path;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileNames;
import org.usermem.fs.Location;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.kernel.Task;
import org.usermem.linux.system.LinuxSystem;

/** What path arguments mean to a task; the flags AT_* of fcntl.h. */
public final class Paths {
  /** The working directory instead of a descriptor. */
  public static final int AT_FDCWD = -100;

  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_EACCESS = 0x200;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_SYMLINK_FOLLOW = 0x400;
  static final int AT_NO_AUTOMOUNT = 0x800;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int AT_STATX_SYNC_TYPE = 0x6000;

  private Paths() {}

  /** The paths of a task's kernel. */
  static VirtualFileSystem vfs(Task task) {
    return LinuxSystem.of(task).vfs();
  }

  /** What paths mean to a task. */
  public static PathContext context(Task task) {
    return task.fsContext().context(task.credentials().forFiles());
  }

  /** Copies a path: at most PATH_MAX bytes with its NUL, perhaps empty. */
  public static String copyIn(Task task, long address) {
    return task.copyInString(address, FileNames.PATH_BYTE_LIMIT);
  }

  /**
   * Where a path starts.
   *
   * @param descriptor a directory, {@link #AT_FDCWD}, or anything if the path is absolute
   */
  public static Location start(Task task, int descriptor, String path) {
    if (descriptor == AT_FDCWD || (!path.isEmpty() && path.charAt(0) == '/')) {
      return task.fsContext().workingDirectory();
    }
    FileDescription file = task.files().get(descriptor);
    Location location = file.location();
    file.decRef();
    return location;
  }

  /** The flags of a walk for AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH. */
  static int lookup(int flags) {
    int lookup = (flags & AT_SYMLINK_NOFOLLOW) == 0 ? LookupFlags.FOLLOW : 0;
    return (flags & AT_EMPTY_PATH) != 0 ? lookup | LookupFlags.EMPTY_PATH : lookup;
  }

  /** Finds what a descriptor and a path name together. */
  static Location find(Task task, int descriptor, String path, int lookup) {
    if (path.isEmpty() && (lookup & LookupFlags.EMPTY_PATH) == 0) {
      // Before the descriptor is looked at (getname_flags).
      throw LinuxException.of(Errno.ENOENT);
    }
    return vfs(task).resolve(context(task), start(task, descriptor, path), path, lookup);
  }

  /** Refuses flags that a call doesn't know. */
  static void requireOnly(int flags, int known) {
    if ((flags & ~known) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }
}
