package org.usermem.linux.nsfs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.Location;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.access.Credentials;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.namespace.NamespaceKind;

/** A namespace as a file (nsfs; ioctl_nsfs(2)), which setns(2) takes. It lasts while it is open. */
public final class NamespaceInode extends AnonymousInode {
  private static final int READABLE_FILE = 0100444;

  private final NamespaceKind kind;
  private final @Nullable Namespace namespace;

  /**
   * Makes an inode.
   *
   * @param namespace null for one of a kind of which there is one
   */
  private NamespaceInode(
      FileSystem fileSystem, long number, NamespaceKind kind, @Nullable Namespace namespace) {
    super(fileSystem, number, READABLE_FILE, 0, 0);
    this.kind = kind;
    this.namespace = namespace;
  }

  /** Returns where a namespace is as a file. */
  public static Location place(
      AnonymousFiles files, NamespaceKind kind, @Nullable Namespace namespace) {
    long number = namespace == null ? kind.firstNumber() : namespace.number();
    return files.place(
        new NamespaceInode(files.fileSystem(), number, kind, namespace), name(kind, number));
  }

  /** Returns the name of such a file. */
  public static String name(NamespaceKind kind, long number) {
    return kind.label() + ":[" + number + "]";
  }

  /** Opens the namespace of a kind of which there is one. */
  public static FileDescription open(
      AnonymousFiles files, NamespaceKind kind, Credentials credentials) {
    Location place = place(files, kind, null);
    return place.inode().open(new OpenRequest(place, OpenFlags.READ_ONLY, credentials));
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
      return new Description(request, null);
    }
    if (!namespace.incUsers()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    try {
      return new Description(request, namespace);
    } catch (LinuxException e) {
      namespace.decUsers();
      throw e;
    }
  }

  /** An open file, which is a user of its namespace. */
  private static final class Description extends FileDescription {
    private final @Nullable Namespace used;

    Description(OpenRequest request, @Nullable Namespace used) {
      super(request);
      this.used = used;
    }

    @Override
    protected void onRelease() {
      if (used != null) {
        used.decUsers();
      }
    }
  }
}
