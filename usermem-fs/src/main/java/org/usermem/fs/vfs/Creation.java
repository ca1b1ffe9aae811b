package org.usermem.fs.vfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileEvents;
import org.usermem.fs.FileNames;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Capability;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.watch.WatchEvents;

/** Makes new names: mkdir(2), mknod(2), symlink(2), link(2). */
@SuppressWarnings("ReferenceEquality") // File systems and mounts are themselves.
final class Creation {

  /** Makes the inode of a new name; the directory's lock is held and everything was checked. */
  @FunctionalInterface
  private interface Maker {
    Inode make(Directory directory, String name);
  }

  private final DentryCache cache;

  Creation(DentryCache cache) {
    this.cache = cache;
  }

  private CachedDentry create(
      PathContext context, Location start, String path, boolean isDirectory, Maker maker) {
    PathWalk walk = new PathWalk(cache, context, start, 0);
    Location where = walk.toParent(path);
    String name = walk.last();
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw LinuxException.of(Errno.EEXIST);
    }
    CachedDentry parent = (CachedDentry) where.dentry();
    parent.inode().checkAccess(context.credentials(), Access.EXECUTE);
    parent.lock().lock();
    try {
      if (cache.lookupLocked(parent, name) != null) {
        throw LinuxException.of(Errno.EEXIST);
      }
      if (walk.slashAfterLast() && !isDirectory) {
        throw LinuxException.of(Errno.ENOENT);
      }
      Permissions.requireWritableMount(where);
      Permissions.requireCreatable(parent, context.credentials());
      Directory directory = (Directory) parent.inode();
      Inode made = maker.make(directory, name);
      CachedDentry dentry = cache.insert(parent, name, made);
      FileEvents.entry(directory, WatchEvents.CREATE, 0, name, made);
      return dentry;
    } finally {
      parent.lock().unlock();
    }
  }

  void makeDirectory(PathContext context, Location start, String path, int permissions) {
    create(
        context,
        start,
        path,
        true,
        (directory, name) ->
            directory.createDirectory(
                name,
                Permissions.newFile(
                    directory,
                    permissions & (FileMode.ALL_PERMISSIONS | FileMode.STICKY),
                    true,
                    context)));
  }

  void makeNode(
      PathContext context,
      Location start,
      String path,
      FileType type,
      int permissions,
      long device) {
    boolean isDevice = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
    if (isDevice && !context.credentials().has(Capability.MKNOD)) {
      throw LinuxException.of(Errno.EPERM);
    }
    create(
        context,
        start,
        path,
        false,
        (directory, name) -> {
          var attributes = Permissions.newFile(directory, permissions, false, context);
          return type == FileType.REGULAR
              ? directory.createFile(name, attributes)
              : directory.createSpecial(name, type, isDevice ? device : 0, attributes);
        });
  }

  void makeSymbolicLink(PathContext context, String target, Location start, String path) {
    if (target.isEmpty()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    if (target.length() >= FileNames.PATH_BYTE_LIMIT) {
      throw LinuxException.of(Errno.ENAMETOOLONG);
    }
    // No umask: permissions of a symbolic link are always complete.
    PathContext withoutUmask =
        new PathContext(context.root(), context.workingDirectory(), context.credentials(), 0);
    create(
        context,
        start,
        path,
        false,
        (directory, name) ->
            directory.createSymbolicLink(
                name,
                target,
                Permissions.newFile(directory, FileMode.ALL_PERMISSIONS, false, withoutUmask)));
  }

  void makeLink(PathContext context, Location existing, Location start, String path) {
    Inode inode = existing.inode();
    // Keeps the contents of a file that loses its last other name meanwhile.
    inode.incUses();
    try {
      PathWalk walk = new PathWalk(cache, context, start, 0);
      Location where = walk.toParent(path);
      if (where.mount() != existing.mount()) {
        throw LinuxException.of(Errno.EXDEV);
      }
      create(
          context,
          start,
          path,
          false,
          (directory, name) -> {
            if (inode.fileSystem() != directory.fileSystem()) {
              throw LinuxException.of(Errno.EXDEV);
            }
            if (inode instanceof Directory) {
              throw LinuxException.of(Errno.EPERM);
            }
            directory.link(name, inode);
            FileEvents.self(inode, WatchEvents.ATTRIBUTES);
            return inode;
          });
    } finally {
      inode.decUses();
    }
  }
}
