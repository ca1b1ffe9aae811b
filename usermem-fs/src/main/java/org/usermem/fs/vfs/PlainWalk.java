package org.usermem.fs.vfs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.Location;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.access.Access;

/**
 * Walks of paths as far as they are plain, as most are: names of directories and of a file. They
 * have no state but where they are, and so allocate nothing but the names. At the first symbolic
 * link or dot a {@link PathWalk} goes on.
 */
final class PlainWalk {

  /** What makes no difference before a symbolic link or a dot is met. */
  private static final int PLAIN_FLAGS = LookupFlags.FOLLOW | LookupFlags.DIRECTORY;

  private PlainWalk() {}

  /**
   * Walks to the end of a path.
   *
   * @throws LinuxException as {@link PathWalk#toEnd}
   */
  static Location toEnd(
      DentryCache cache, PathContext context, Location start, String path, int flags) {
    if ((flags & ~PLAIN_FLAGS) != 0 || path.isEmpty()) {
      return new PathWalk(cache, context, start, flags).toEnd(path);
    }
    Location from = path.charAt(0) == '/' ? context.root() : start;
    MountPoint mount = (MountPoint) from.mount();
    CachedDentry dentry = (CachedDentry) from.dentry();
    int length = path.length();
    int at = PathWalk.skipSlashes(path, 0);
    while (at < length) {
      int end = PathWalk.endOfComponent(path, at);
      if (isDots(path, at, end)) {
        return goOn(cache, context, dentry.in(mount), path, at, flags);
      }
      requireDirectory(dentry);
      dentry.inode().checkAccess(context.credentials(), Access.EXECUTE);
      CachedDentry child = cache.lookup(dentry, path.substring(at, end));
      if (child == null) {
        throw LinuxException.of(Errno.ENOENT);
      }
      if (child.inode() instanceof SymbolicLink) {
        return goOn(cache, context, dentry.in(mount), path, at, flags);
      }
      dentry = child;
      for (MountPoint above = mountedOn(mount, dentry);
          above != null;
          above = mountedOn(mount, dentry)) {
        mount = above;
        dentry = above.root();
      }
      at = PathWalk.skipSlashes(path, end);
    }
    if (path.charAt(length - 1) == '/' || (flags & LookupFlags.DIRECTORY) != 0) {
      requireDirectory(dentry);
    }
    return dentry.in(mount);
  }

  private static @Nullable MountPoint mountedOn(MountPoint mount, CachedDentry dentry) {
    return dentry.isMountPoint() ? mount.mountedOn(dentry) : null;
  }

  private static boolean isDots(String path, int at, int end) {
    return path.charAt(at) == '.'
        && (end - at == 1 || (end - at == 2 && path.charAt(at + 1) == '.'));
  }

  private static Location goOn(
      DentryCache cache, PathContext context, Location reached, String path, int at, int flags) {
    return new PathWalk(cache, context, reached, flags).toEnd(path.substring(at));
  }

  private static void requireDirectory(CachedDentry dentry) {
    if (!(dentry.inode() instanceof Directory)) {
      throw LinuxException.of(Errno.ENOTDIR);
    }
  }
}
