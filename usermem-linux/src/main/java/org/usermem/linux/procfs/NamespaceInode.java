package org.usermem.linux.procfs;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.OpenRequest;
import org.usermem.kernel.UtsNamespace;

/** A namespace as a file (nsfs), which setns(2) takes. */
public final class NamespaceInode extends AnonymousInode {
  private static final int READABLE_FILE = 0100444;

  private final @Nullable UtsNamespace uts;

  /**
   * Makes an inode.
   *
   * @param uts the namespace; null for one of those of which there is one each
   */
  NamespaceInode(FileSystem fileSystem, long number, @Nullable UtsNamespace uts) {
    super(fileSystem, number, READABLE_FILE, 0, 0);
    this.uts = uts;
  }

  @Override
  public FileDescription open(OpenRequest request) {
    return new FileDescription(request) {};
  }

  /** Returns the namespace, if it is one of the machine's names. */
  public @Nullable UtsNamespace uts() {
    return uts;
  }
}
