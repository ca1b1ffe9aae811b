package org.usermem.fs.vfs;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;

/**
 * The changes of trees of mounts, one at a time. Path walks read the trees meanwhile without a
 * lock.
 */
@SuppressWarnings("ReferenceEquality") // Mounts and dentries are themselves.
final class MountTable {

  // A guest can bind-mount without end; this bounds it (ENOSPC), as fs.mount-max of Linux does.
  private static final int MOUNT_LIMIT = 100_000;

  private final AtomicInteger nextId = new AtomicInteger(1);
  private int mountCount; // guarded by this

  /** Returns what is seen at a place: the root of what is mounted there, if anything is. */
  static Location top(Location place) {
    Location top = place;
    while (true) {
      MountPoint above = ((MountPoint) top.mount()).mountedOn((CachedDentry) top.dentry());
      if (above == null) {
        return top;
      }
      top = above.root().in(above);
    }
  }

  /** Makes the root of a new tree of mounts. */
  synchronized MountPoint newRoot(SuperBlock superBlock, String source, int flags) {
    mountCount++;
    return new MountPoint(nextId.getAndIncrement(), superBlock, superBlock.root(), source, flags);
  }

  /** Mounts a file system, or a subtree of one, on a place. */
  synchronized MountPoint attach(
      SuperBlock superBlock, CachedDentry root, String source, int flags, Location where) {
    requireRoom(1);
    requireSameKind(root, where);
    return hangNew(superBlock, root, source, flags, where);
  }

  private MountPoint hangNew(
      SuperBlock superBlock, CachedDentry root, String source, int flags, Location where) {
    MountPoint made = new MountPoint(nextId.getAndIncrement(), superBlock, root, source, flags);
    mountCount++;
    hang(made, where);
    return made;
  }

  private void requireRoom(int count) {
    if (count > MOUNT_LIMIT - mountCount) {
      throw LinuxException.of(Errno.ENOSPC);
    }
  }

  private static void requireSameKind(CachedDentry root, Location where) {
    if (root.inode() instanceof Directory != where.inode() instanceof Directory) {
      throw LinuxException.of(Errno.ENOTDIR);
    }
    if (where.dentry().isRemoved()) {
      throw LinuxException.of(Errno.ENOENT);
    }
  }

  private static void hang(MountPoint mount, Location where) {
    MountPoint parent = (MountPoint) where.mount();
    CachedDentry on = (CachedDentry) where.dentry();
    parent.incRef();
    mount.setMountPoint(where);
    parent.children().put(on, mount);
    on.mounted();
  }

  private static void unhang(MountPoint mount) {
    Location where = mount.mountPoint();
    if (where == null) {
      return;
    }
    MountPoint parent = (MountPoint) where.mount();
    CachedDentry on = (CachedDentry) where.dentry();
    if (parent.children().remove(on, mount)) {
      on.unmounted();
      mount.setMountPoint(null);
      parent.decRef();
    }
  }

  /**
   * Unmounts.
   *
   * @param lazily whether to detach a busy mount, which ends when nobody uses it any more
   * @throws LinuxException EINVAL if it is the root of the tree; EBUSY
   */
  void detach(MountPoint mount, boolean lazily) {
    List<MountPoint> ended = new ArrayList<>();
    synchronized (this) {
      if (mount.mountPoint() == null) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if (!lazily && (mount.isBusy() || !mount.children().isEmpty())) {
        throw LinuxException.of(Errno.EBUSY);
      }
      collect(mount, ended);
      for (MountPoint each : ended.reversed()) {
        unhang(each);
        mountCount--;
      }
    }
    // Outside the lock: the last reference closes the file system.
    for (MountPoint each : ended.reversed()) {
      each.decRef();
    }
  }

  /** Ends a whole tree of mounts. */
  void detachTree(MountPoint root) {
    List<MountPoint> ended = new ArrayList<>();
    synchronized (this) {
      collect(root, ended);
      for (MountPoint each : ended.reversed()) {
        unhang(each);
        mountCount--;
      }
    }
    for (MountPoint each : ended.reversed()) {
      each.decRef();
    }
  }

  // Without recursion: a guest can mount on a mount on a mount.
  private static void collect(MountPoint mount, List<MountPoint> into) {
    int next = into.size();
    into.add(mount);
    while (next < into.size()) {
      into.addAll(into.get(next++).children().values());
    }
  }

  /**
   * Mounts what is at one place at another too (MS_BIND).
   *
   * @param recursively whether mounts below the place come along (MS_REC)
   */
  synchronized MountPoint bind(Location from, Location where, boolean recursively) {
    MountPoint source = (MountPoint) from.mount();
    CachedDentry root = (CachedDentry) from.dentry();
    // Before there is a copy, which may be below the place itself.
    List<MountPoint> below = recursively ? below(source, root) : List.of();
    requireRoom(1 + below.size());
    MountPoint made = attach(source.superBlock(), root, source.source(), source.flags(), where);
    copy(below, source, made);
    return made;
  }

  /** Returns what is mounted in a subtree of a mount, each after its parent. */
  private static List<MountPoint> below(MountPoint source, CachedDentry root) {
    List<MountPoint> found = new ArrayList<>();
    for (MountPoint child : source.children().values()) {
      Location on = child.mountPoint();
      if (on != null && root.isAncestorOf((CachedDentry) on.dentry())) {
        collect(child, found);
      }
    }
    return found;
  }

  /** Copies mounts; returns each original with its copy. */
  private Map<Mount, MountPoint> copy(List<MountPoint> below, MountPoint source, MountPoint copy) {
    IdentityHashMap<Mount, MountPoint> copies = new IdentityHashMap<>();
    copies.put(source, copy);
    for (MountPoint each : below) {
      Location on = each.mountPoint();
      MountPoint parent = on == null ? null : copies.get(on.mount());
      if (on != null && parent != null) {
        copies.put(
            each,
            hangNew(
                each.superBlock(),
                each.root(),
                each.source(),
                each.flags(),
                new Location(parent, on.dentry())));
      }
    }
    return copies;
  }

  /**
   * Moves a mount to another place (MS_MOVE).
   *
   * @throws LinuxException EINVAL if the place is no mount's root or has no parent; ELOOP if the
   *     new place lies below the mount
   */
  synchronized void move(Location from, Location where) {
    MountPoint moved = (MountPoint) from.mount();
    if (from.dentry() != moved.root() || moved.mountPoint() == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    requireSameKind(moved.root(), where);
    for (Mount at = where.mount(); at != null; at = parentOf(at)) {
      if (at == moved) {
        throw LinuxException.of(Errno.ELOOP);
      }
    }
    unhang(moved);
    hang(moved, where);
  }

  private static @Nullable Mount parentOf(Mount mount) {
    Location on = mount.mountPoint();
    return on == null ? null : on.mount();
  }

  /**
   * Makes a mount the root of the tree and puts the old root on a place below it, as pivot_root(2).
   *
   * @throws LinuxException EINVAL if the places do not allow it; EBUSY if the new root is the old
   *     one
   */
  synchronized void pivot(Location oldRoot, Location newRoot, Location putOld) {
    MountPoint oldMount = (MountPoint) oldRoot.mount();
    MountPoint newMount = (MountPoint) newRoot.mount();
    if (oldMount == newMount) {
      throw LinuxException.of(Errno.EBUSY);
    }
    if (newRoot.dentry() != newMount.root()
        || oldRoot.dentry() != oldMount.root()
        || newMount.mountPoint() == null
        || !isBelow(putOld, newRoot)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Location oldPlace = oldMount.mountPoint();
    unhang(newMount);
    if (oldPlace != null) {
      unhang(oldMount);
      hang(newMount, oldPlace);
    }
    hang(oldMount, putOld);
  }

  private static boolean isBelow(Location place, Location top) {
    Location at = place;
    while (at.mount() != top.mount()) {
      Location up = at.mount().mountPoint();
      if (up == null) {
        return false;
      }
      at = up;
    }
    return ((CachedDentry) top.dentry()).isAncestorOf((CachedDentry) at.dentry());
  }

  /** Copies a whole tree of mounts, for a new namespace; returns each mount with its copy. */
  synchronized Map<Mount, MountPoint> copyTree(MountPoint root) {
    List<MountPoint> below = below(root, root.root());
    requireRoom(1 + below.size());
    MountPoint copy =
        new MountPoint(
            nextId.getAndIncrement(), root.superBlock(), root.root(), root.source(), root.flags());
    mountCount++;
    return copy(below, root, copy);
  }

  /** Returns a mount and all mounts below it, each after its parent. */
  synchronized List<Mount> tree(MountPoint root) {
    List<MountPoint> all = new ArrayList<>();
    collect(root, all);
    return List.copyOf(all);
  }
}
