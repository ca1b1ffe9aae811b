package org.usermem.linux.procfs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.Location;
import org.usermem.fs.access.Credentials;
import org.usermem.kernel.Task;
import org.usermem.linux.pseudo.PseudoLink;
import org.usermem.linux.system.LinuxSystem;

/** A link to a namespace of a task, which is a file without a path (nsfs). */
final class NamespaceLink extends PseudoLink {
  private static final int READABLE_FILE = 0100444;

  private final Task task;
  private final String name;
  private final long namespace;

  /**
   * Makes a link.
   *
   * @param name what reading the link gives
   * @param namespace the number of the namespace
   */
  NamespaceLink(TaskDirectory directory, String name, long namespace) {
    super(directory.proc(), directory.proc().newNumber(), directory.owner(), () -> name);
    this.task = directory.task();
    this.name = name;
    this.namespace = namespace;
  }

  @Override
  public String target() {
    requireAlive();
    return name;
  }

  /** A zombie is in no namespace any more. */
  private void requireAlive() {
    if (!task.hasMemory()) {
      throw LinuxException.of(Errno.ENOENT);
    }
  }

  @Override
  public @Nullable Location magicTarget(Credentials credentials) {
    requireAlive();
    AnonymousFiles files = LinuxSystem.of(task).vfs().anonymousFiles();
    return files.place(
        new AnonymousInode(files.fileSystem(), namespace, READABLE_FILE, 0, 0), name);
  }
}
