package org.usermem.fs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Credentials;

/** A symbolic link. */
public abstract class SymbolicLink extends Inode {

  /**
   * Creates a symbolic link.
   *
   * @param fileSystem the file system that it belongs to
   * @param number its inode number, unique in the file system
   */
  protected SymbolicLink(FileSystem fileSystem, long number) {
    super(fileSystem, number);
  }

  /**
   * Returns the text of the link, as readlink(2).
   *
   * @throws LinuxException what the storage says
   */
  public abstract String target();

  /**
   * Returns where the link leads if that is not what its text says: a magic link, such as those in
   * /proc/PID/fd.
   *
   * @param credentials who follows it
   * @return the place; null if this is an ordinary link, whose text is to be walked
   * @throws LinuxException EACCES if it may not be followed; ENOENT if it leads nowhere any more
   */
  public @Nullable Location magicTarget(Credentials credentials) {
    return null;
  }

  /**
   * Is told that the link was read or followed, for the access time; only if the mount wants it.
   */
  public void accessed() {}

  @Override
  public FileDescription open(OpenRequest request) {
    throw LinuxException.of(Errno.ELOOP);
  }
}
