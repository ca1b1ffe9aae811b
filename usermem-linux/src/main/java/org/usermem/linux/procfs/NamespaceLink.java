package org.usermem.linux.procfs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.Location;
import org.usermem.fs.access.Credentials;
import org.usermem.kernel.Task;
import org.usermem.kernel.UtsNamespace;
import org.usermem.linux.pseudo.PseudoLink;
import org.usermem.linux.system.LinuxSystem;

/** A link to a namespace of a task, which is a file without a path (nsfs). */
final class NamespaceLink extends PseudoLink {
  private static final long FIRST_NUMBER = 4026531834L;
  private static final String UTS = "uts";

  private final Task task;
  private final String kind;

  /**
   * Makes a link.
   *
   * @param kind of the namespace
   */
  NamespaceLink(TaskDirectory directory, String kind) {
    super(directory.proc(), directory.proc().newNumber(), directory.owner(), () -> kind);
    this.task = directory.task();
    this.kind = kind;
  }

  /** Returns the namespace, of those that there may be several of. */
  private @Nullable UtsNamespace uts() {
    return kind.equals(UTS) ? task.parts().uts() : null;
  }

  private long number(@Nullable UtsNamespace uts) {
    return uts != null ? uts.number() : FIRST_NUMBER + Math.floorMod(kind.hashCode(), 1000);
  }

  private String name(long number) {
    return kind + ":[" + number + "]";
  }

  @Override
  public String target() {
    requireAlive();
    return name(number(uts()));
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
    UtsNamespace uts = uts();
    long number = number(uts);
    return files.place(new NamespaceInode(files.fileSystem(), number, uts), name(number));
  }
}
