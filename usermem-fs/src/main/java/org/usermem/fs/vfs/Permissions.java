package org.usermem.fs.vfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.NewFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Capability;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileMode;

/** Checks that go beyond an inode's own mode: mounts, sticky directories, new files. */
final class Permissions {

  private Permissions() {}

  /** Refuses with EROFS what would change something on a read-only mount or file system. */
  static void requireWritableMount(Location location) {
    Mount mount = location.mount();
    if (mount.has(Mount.READ_ONLY) || mount.fileSystem().isReadOnly()) {
      throw LinuxException.of(Errno.EROFS);
    }
  }

  /** Notes that a symbolic link was read or followed, as far as its mount wants to know. */
  static void accessed(Mount mount, SymbolicLink link) {
    if (!mount.has(Mount.NO_ACCESS_TIME | Mount.READ_ONLY)) {
      link.accessed();
    }
  }

  /** Checks that entries of a directory may be added ({@code may_create}). */
  static void requireCreatable(CachedDentry directory, Credentials credentials) {
    if (directory.isRemoved()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    directory.inode().checkAccess(credentials, Access.WRITE | Access.EXECUTE);
  }

  /** Checks that an entry of a directory may be removed or renamed ({@code may_delete}). */
  static void requireRemovable(
      CachedDentry directory, CachedDentry victim, Credentials credentials) {
    Inode inode = directory.inode();
    inode.checkAccess(credentials, Access.WRITE | Access.EXECUTE);
    if ((inode.mode() & FileMode.STICKY) != 0
        && credentials.userId() != victim.inode().userId()
        && credentials.userId() != inode.userId()
        && !credentials.has(Capability.FOWNER)) {
      throw LinuxException.of(Errno.EPERM);
    }
    if (victim.isMountPoint()) {
      throw LinuxException.of(Errno.EBUSY);
    }
  }

  /**
   * Returns the attributes of a new file in a directory ({@code inode_init_owner} and {@code
   * mode_strip_sgid} of Linux).
   */
  static NewFile newFile(
      Directory directory, int permissions, boolean isDirectory, PathContext context) {
    Credentials credentials = context.credentials();
    int mode = permissions & FileMode.CHANGEABLE & ~context.umask();
    int group = credentials.groupId();
    if ((directory.mode() & FileMode.SET_GROUP_ID) != 0) {
      group = directory.groupId();
      if (isDirectory) {
        mode |= FileMode.SET_GROUP_ID;
      } else if ((mode & (FileMode.SET_GROUP_ID | FileMode.GROUP_EXECUTE))
              == (FileMode.SET_GROUP_ID | FileMode.GROUP_EXECUTE)
          && !credentials.inGroup(group)
          && !credentials.has(Capability.FSETID)) {
        mode &= ~FileMode.SET_GROUP_ID;
      }
    }
    return new NewFile(mode, credentials.userId(), group);
  }
}
