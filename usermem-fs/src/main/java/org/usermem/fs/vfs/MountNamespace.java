package org.usermem.fs.vfs;

import java.util.List;
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
  public MountNamespace copy() {
    return new MountNamespace(table, table.copyTree(root));
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
