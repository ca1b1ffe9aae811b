package org.usermem.fs.vfs;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Dentry;
import org.usermem.fs.Directory;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Credentials;

/**
 * One walk of a path, as path_resolution(7) and Linux's {@code fs/namei.c}.
 *
 * <p>A walk goes to the end, or to the directory of the last component for calls that make, remove
 * or rename one. The object is used by one thread, for one path.
 */
final class PathWalk {

  /** The most symbolic links that one walk follows (MAXSYMLINKS). */
  private static final int LINK_LIMIT = 40;

  private final DentryCache cache;
  private final Credentials credentials;
  private final int flags;
  private final MountPoint rootMount;
  private final CachedDentry root;

  private MountPoint mount;
  private CachedDentry dentry;
  private int linksFollowed;

  // What is left of the paths whose walk was interrupted by a symbolic link; null before the first.
  private @Nullable ArrayDeque<String> pending;

  // Of a walk to the parent: the last component and whether slashes follow it.
  private String last = "";
  private boolean slashAfterLast;

  PathWalk(DentryCache cache, PathContext context, Location start, int flags) {
    this.cache = cache;
    this.credentials = context.credentials();
    this.flags = flags;
    this.mount = (MountPoint) start.mount();
    this.dentry = (CachedDentry) start.dentry();
    Location rootLocation =
        (flags & (LookupFlags.IN_ROOT | LookupFlags.BENEATH)) != 0 ? start : context.root();
    this.rootMount = (MountPoint) rootLocation.mount();
    this.root = (CachedDentry) rootLocation.dentry();
  }

  /**
   * Walks to the end of a path.
   *
   * @throws LinuxException ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG, EXDEV, and what file
   *     systems say
   */
  Location toEnd(String path) {
    if (path.isEmpty()) {
      if ((flags & LookupFlags.EMPTY_PATH) == 0) {
        throw LinuxException.of(Errno.ENOENT);
      }
      return dentry.in(mount);
    }
    walk(path, false, (flags & LookupFlags.FOLLOW) != 0);
    if ((flags & LookupFlags.DIRECTORY) != 0) {
      requireDirectory();
    }
    return dentry.in(mount);
  }

  /**
   * Walks to the directory that holds the last component, and looks at neither.
   *
   * @return the directory; {@link #last()} is the component
   * @throws LinuxException as {@link #toEnd}
   */
  Location toParent(String path) {
    if (path.isEmpty()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    walk(path, true, false);
    requireDirectory();
    return dentry.in(mount);
  }

  /**
   * After {@link #toParent}, follows a symbolic link found at the last component and walks to the
   * parent of what it leads to.
   *
   * @return the directory; or, if {@link #last()} is empty then, the place itself
   */
  Location followLast(SymbolicLink link) {
    slashAfterLast = false;
    last = "";
    String target = enterLink(link);
    if (target == null) {
      return dentry.in(mount);
    }
    if (target.isEmpty()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    walk(target, true, false);
    requireDirectory();
    return dentry.in(mount);
  }

  /** Returns the last component; {@code "."} or {@code ".."} too; empty for the root. */
  String last() {
    return last;
  }

  boolean slashAfterLast() {
    return slashAfterLast;
  }

  private void walk(String path, boolean toParent, boolean followLast) {
    String rest = path;
    int at = 0;
    if (path.charAt(0) == '/') {
      toRoot();
    }
    while (true) {
      int start = skipSlashes(rest, at);
      if (start == rest.length()) {
        if (start > at) {
          requireDirectory();
        }
        String outer = pending == null ? null : pending.pollLast();
        if (outer == null) {
          return;
        }
        rest = outer;
        at = 0;
        continue;
      }
      int end = endOfComponent(rest, start);
      // What waits begins with a slash.
      boolean slashFollows = end < rest.length() || (pending != null && !pending.isEmpty());
      boolean isLast = isAtEnd(rest, end);
      if (isLast && toParent) {
        last = rest.substring(start, end);
        slashAfterLast = slashFollows;
        return;
      }
      boolean mustFollow = !isLast || slashFollows || followLast;
      String target = step(rest, start, end, mustFollow);
      if (target == null) {
        at = end;
        continue;
      }
      push(rest, end);
      rest = target;
      at = 0;
      if (target.isEmpty()) {
        throw LinuxException.of(Errno.ENOENT);
      }
      if (target.charAt(0) == '/') {
        toRoot();
      }
    }
  }

  // Whether nothing but slashes follows, in this path and in those that wait.
  private boolean isAtEnd(String rest, int end) {
    if (skipSlashes(rest, end) != rest.length()) {
      return false;
    }
    if (pending != null) {
      for (String outer : pending) {
        if (skipSlashes(outer, 0) != outer.length()) {
          return false;
        }
      }
    }
    return true;
  }

  private void push(String rest, int end) {
    if (end == rest.length()) {
      return;
    }
    if (pending == null) {
      pending = new ArrayDeque<>();
    }
    pending.addLast(rest.substring(end));
  }

  static int skipSlashes(String path, int from) {
    int at = from;
    while (at < path.length() && path.charAt(at) == '/') {
      at++;
    }
    return at;
  }

  static int endOfComponent(String path, int from) {
    int slash = path.indexOf('/', from);
    return slash < 0 ? path.length() : slash;
  }

  private void toRoot() {
    if ((flags & LookupFlags.BENEATH) != 0) {
      throw LinuxException.of(Errno.EXDEV);
    }
    enterMount(rootMount);
    dentry = root;
  }

  /** Takes one step. Returns the target of a symbolic link to be walked now, or null. */
  private @Nullable String step(String path, int start, int end, boolean follow) {
    requireDirectory();
    dentry.inode().checkAccess(credentials, Access.EXECUTE);
    if (path.charAt(start) == '.') {
      if (end - start == 1) {
        return null;
      }
      if (end - start == 2 && path.charAt(start + 1) == '.') {
        up();
        return null;
      }
    }
    CachedDentry child = cache.lookup(dentry, path.substring(start, end));
    if (child == null) {
      throw LinuxException.of(Errno.ENOENT);
    }
    Inode inode = child.inode();
    if (inode instanceof SymbolicLink link) {
      if (follow) {
        return enterLink(link);
      }
      dentry = child;
      return null;
    }
    dentry = child;
    if (child.isMountPoint()) {
      down();
    }
    return null;
  }

  /** Goes to what is mounted here, if anything is. */
  private void down() {
    for (MountPoint above = mount.mountedOn(dentry);
        above != null;
        above = mount.mountedOn(dentry)) {
      enterMount(above);
      dentry = above.root();
    }
  }

  private void up() {
    while (true) {
      if (mount == rootMount && dentry == root) {
        if ((flags & LookupFlags.BENEATH) != 0) {
          throw LinuxException.of(Errno.EXDEV);
        }
        return;
      }
      CachedDentry parent = dentry.parent();
      if (dentry != mount.root() && parent != null) {
        dentry = parent;
        break;
      }
      Location mountPoint = mount.mountPoint();
      if (mountPoint == null) {
        return;
      }
      enterMount((MountPoint) mountPoint.mount());
      dentry = (CachedDentry) mountPoint.dentry();
    }
    down();
  }

  private void enterMount(MountPoint next) {
    if (next != mount && (flags & LookupFlags.NO_MOUNTS) != 0) {
      throw LinuxException.of(Errno.EXDEV);
    }
    mount = next;
  }

  /** Follows a link found in the present directory; returns text to walk, or null if it jumped. */
  private @Nullable String enterLink(SymbolicLink link) {
    if (++linksFollowed > LINK_LIMIT || (flags & LookupFlags.NO_SYMBOLIC_LINKS) != 0) {
      throw LinuxException.of(Errno.ELOOP);
    }
    Location jump = link.magicTarget(credentials);
    if (jump == null) {
      Permissions.accessed(mount, link);
      return link.target();
    }
    if ((flags & LookupFlags.NO_MAGIC_LINKS) != 0) {
      throw LinuxException.of(Errno.ELOOP);
    }
    if ((flags & (LookupFlags.BENEATH | LookupFlags.IN_ROOT)) != 0) {
      throw LinuxException.of(Errno.EXDEV);
    }
    enterMount((MountPoint) jump.mount());
    Dentry target = jump.dentry();
    dentry = (CachedDentry) target;
    return null;
  }

  private void requireDirectory() {
    if (!(dentry.inode() instanceof Directory)) {
      throw LinuxException.of(Errno.ENOTDIR);
    }
  }
}
