package org.usermem.fs.vfs;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;

/**
 * A tree of mounts, as a task sees it. Path walks need none of this: a {@link Location} knows its
 * mount, and a mount knows what is above and below it.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class MountNamespace {

  private final MountTable table;
  private volatile MountPoint root;

  MountNamespace(MountTable table, MountPoint root) {
    this.table = table;
    this.root = root;
  }

  /** Returns the root of the tree: the root directory of the first task. */
  public Location root() {
    return MountTable.top(root.root().in(root));
  }

  /** Returns all mounts, each after the one that it is on, as /proc/PID/mounts lists them. */
  public List<Mount> mounts() {
    return table.tree(root);
  }

  /** Returns a copy of the whole tree, as CLONE_NEWNS makes it. */
  public Copy copy() {
    MountPoint before = root;
    Map<Mount, MountPoint> copies = table.copyTree(before);
    return new Copy(
        new MountNamespace(table, Objects.requireNonNull(copies.get(before))),
        Collections.unmodifiableMap(copies));
  }

  /**
   * A copy of a tree.
   *
   * @param namespace the copy
   * @param mounts the mounts of the original with what they are in the copy
   */
  public record Copy(MountNamespace namespace, Map<Mount, ? extends Mount> mounts) {

    /** Returns where a place of the original is in the copy; one that is in neither is itself. */
    public Location of(Location place) {
      Mount copy = mounts.get(place.mount());
      return copy == null ? place : new Location(copy, place.dentry());
    }
  }

  /** Returns whether a mount is in this tree. */
  public boolean contains(Mount mount) {
    Mount at = mount;
    for (Location on = at.mountPoint(); on != null; on = at.mountPoint()) {
      at = on.mount();
    }
    return hasRoot(at);
  }

  /** Unmounts everything. File systems that nobody else has mounted or open are closed. */
  public void close() {
    table.detachTree(root);
  }

  void setRoot(MountPoint newRoot) {
    root = newRoot;
  }

  boolean hasRoot(Mount mount) {
    return root == mount;
  }
}
