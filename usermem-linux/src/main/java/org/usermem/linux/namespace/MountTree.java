package org.usermem.linux.namespace;

import org.usermem.fs.Location;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.kernel.Task;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.namespace.NamespaceKind;

/** What is mounted where, as some tasks see it (mount_namespaces(7); fs/namespace.c). */
public final class MountTree extends Namespace {
  private final MountNamespace mounts;

  /**
   * Makes the first one of a kernel.
   *
   * @param mounts the mounts, which the caller closes
   */
  public MountTree(MountNamespace mounts) {
    this(NamespaceKind.MOUNT.firstNumber(), mounts);
  }

  private MountTree(long number, MountNamespace mounts) {
    super(NamespaceKind.MOUNT, number);
    this.mounts = mounts;
  }

  /** Returns the mounts that a task sees. */
  public static MountNamespace of(Task task) {
    return ((MountTree) task.parts().namespaces().require(NamespaceKind.MOUNT)).mounts;
  }

  /** Follows {@code copy_mnt_ns}: no mount has peers, so what is mounted later is apart. */
  @Override
  public MountTree copy(long newNumber, FsContext fs) {
    MountNamespace.Copy copy = mounts.copy();
    fs.setRoot(copy.of(fs.root()));
    fs.setWorkingDirectory(copy.of(fs.workingDirectory()));
    return new MountTree(newNumber, copy.namespace());
  }

  /** Follows {@code mntns_install}. */
  @Override
  public void entered(FsContext fs) {
    Location root = mounts.root();
    fs.setRoot(root);
    fs.setWorkingDirectory(root);
  }

  /** Not that of the first one, which its kernel keeps. */
  @Override
  protected void ended() {
    mounts.close();
  }
}
