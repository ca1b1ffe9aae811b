package org.usermem.linux.procfs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Location;
import org.usermem.fs.access.Credentials;
import org.usermem.kernel.Task;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.namespace.NamespaceKind;
import org.usermem.linux.nsfs.NamespaceInode;
import org.usermem.linux.pseudo.PseudoLink;
import org.usermem.linux.system.LinuxSystem;

/** A link to a namespace of a task, which is a file without a path (nsfs). */
final class NamespaceLink extends PseudoLink {
  private final Task task;
  private final NamespaceKind kind;

  NamespaceLink(TaskDirectory directory, NamespaceKind kind) {
    super(directory.proc(), directory.proc().newNumber(), directory.owner(), kind::label);
    this.task = directory.task();
    this.kind = kind;
  }

  /** Returns the namespace, if its kind is one that there may be several of. */
  private @Nullable Namespace namespace() {
    // A zombie is in no namespace any more.
    if (!task.hasMemory()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    return task.parts().namespaces().get(kind);
  }

  @Override
  public String target() {
    Namespace namespace = namespace();
    return NamespaceInode.name(kind, namespace == null ? kind.firstNumber() : namespace.number());
  }

  @Override
  public @Nullable Location magicTarget(Credentials credentials) {
    return NamespaceInode.place(LinuxSystem.of(task).vfs().anonymousFiles(), kind, namespace());
  }
}
