package org.usermem.linux.procfs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.IoctlRequest;
import org.usermem.fs.OpenRequest;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.namespace.NamespaceKind;

/** A namespace as a file (nsfs; ioctl_nsfs(2)), which setns(2) takes. It lasts while it is open. */
public final class NamespaceInode extends AnonymousInode {
  private static final int READABLE_FILE = 0100444;
  private static final int NS_GET_NSTYPE = 0xb703;

  private final NamespaceKind kind;
  private final @Nullable Namespace namespace;

  /**
   * Makes an inode.
   *
   * @param namespace null for one of a kind of which there is one
   */
  NamespaceInode(
      FileSystem fileSystem, long number, NamespaceKind kind, @Nullable Namespace namespace) {
    super(fileSystem, number, READABLE_FILE, 0, 0);
    this.kind = kind;
    this.namespace = namespace;
  }

  /** Returns the kind. */
  public NamespaceKind kind() {
    return kind;
  }

  /** Returns the namespace; null if it is of a kind of which there is one. */
  public @Nullable Namespace namespace() {
    return namespace;
  }

  @Override
  public FileDescription open(OpenRequest request) {
    if (namespace == null) {
      return new Description(request, kind, null);
    }
    if (!namespace.incUsers()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    try {
      return new Description(request, kind, namespace);
    } catch (LinuxException e) {
      namespace.decUsers();
      throw e;
    }
  }

  /** An open file, which is a user of its namespace. */
  private static final class Description extends FileDescription {
    private final NamespaceKind kind;
    private final @Nullable Namespace used;

    Description(OpenRequest request, NamespaceKind kind, @Nullable Namespace used) {
      super(request);
      this.kind = kind;
      this.used = used;
    }

    @Override
    public long ioctl(IoctlRequest request) {
      return request.command() == NS_GET_NSTYPE ? kind.flag() : super.ioctl(request);
    }

    @Override
    protected void onRelease() {
      if (used != null) {
        used.decUsers();
      }
    }
  }
}
