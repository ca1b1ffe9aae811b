package org.usermem.fs;

import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in a tree of mounts: what a path leads to (Linux's {@code struct path}).
 *
 * <p>Locations need no closing. Whoever keeps one for long (a working directory, an open file)
 * takes a {@linkplain #incRef() reference}, so that the mount can't be unmounted meanwhile.
 *
 * @param mount the mount
 * @param dentry the dentry in the mount's file system
 */
@SuppressWarnings("ReferenceEquality") // Mounts and dentries are themselves.
public record Location(Mount mount, Dentry dentry) {

  /**
   * Returns the inode at this place.
   *
   * @return the dentry's inode
   */
  public Inode inode() {
    return dentry.inode();
  }

  /**
   * Returns whether both are the same place.
   *
   * @param other another location
   * @return whether mount and dentry are identical
   */
  public boolean isSame(Location other) {
    return mount == other.mount && dentry == other.dentry;
  }

  /** Takes a reference on the mount. */
  public void incRef() {
    mount.incRef();
  }

  /** Drops a reference that {@link #incRef()} took. */
  public void decRef() {
    mount.decRef();
  }

  /**
   * Returns the path that leads from a root to this place, as getcwd(2) and /proc/PID/fd give it.
   *
   * @param root where the path starts; what lies above it is invisible
   * @return an absolute path, with {@code " (deleted)"} at its end if the name was removed; null if
   *     this place can't be reached from the root
   */
  public @Nullable String pathFrom(Location root) {
    return walkUp(root);
  }

  /**
   * Returns the path that leads here from the root of the tree of mounts.
   *
   * @return an absolute path, as {@link #pathFrom} gives it
   */
  public String path() {
    return Objects.requireNonNull(walkUp(null));
  }

  private @Nullable String walkUp(@Nullable Location root) {
    ArrayDeque<String> names = new ArrayDeque<>();
    Mount onMount = mount;
    Dentry at = dentry;
    while (root == null || onMount != root.mount || at != root.dentry) {
      Dentry parent = at.parent();
      if (at != onMount.root() && parent != null) {
        names.addFirst(at.name());
        at = parent;
        continue;
      }
      Location mountPoint = onMount.mountPoint();
      if (mountPoint == null) {
        if (root == null) {
          break;
        }
        return null;
      }
      onMount = mountPoint.mount();
      at = mountPoint.dentry();
    }
    String path = "/" + String.join("/", names);
    return dentry.isRemoved() ? path + " (deleted)" : path;
  }
}
