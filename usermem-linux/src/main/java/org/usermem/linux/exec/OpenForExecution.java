package org.usermem.linux.exec;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileEvents;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.access.Access;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.fs.watch.WatchEvents;

/**
 * Opens files to execute them ({@code do_open_execat}): the right to execute is needed, that to
 * read is not.
 */
public final class OpenForExecution {
  private OpenForExecution() {}

  /**
   * Opens what a path leads to.
   *
   * @return a description whose reference is the caller's
   * @throws LinuxException EACCES if it is no regular file or may not be executed; ETXTBSY if it is
   *     open for writing; what walking the path gives
   */
  public static FileDescription open(
      VirtualFileSystem vfs, PathContext context, Location start, String path, int lookup) {
    return open(context, vfs.resolve(context, start, path, lookup));
  }

  /** Opens what was found already. Nobody can write to it while the description is there. */
  public static FileDescription open(PathContext context, Location found) {
    Inode inode = found.inode();
    if (inode.type() != FileType.REGULAR || found.mount().has(Mount.NO_EXECUTE)) {
      boolean isLink = inode.type() == FileType.SYMBOLIC_LINK;
      throw LinuxException.of(isLink ? Errno.ELOOP : Errno.EACCES);
    }
    inode.checkAccess(context.credentials(), Access.EXECUTE);
    int flags = OpenFlags.READ_ONLY | OpenFlags.LARGE_FILE;
    FileDescription file = inode.open(new OpenRequest(found, flags, context.credentials()));
    try {
      file.forbidWriting();
    } catch (LinuxException e) {
      file.decRef();
      throw e;
    }
    FileEvents.happened(found, WatchEvents.OPEN);
    return file;
  }
}
