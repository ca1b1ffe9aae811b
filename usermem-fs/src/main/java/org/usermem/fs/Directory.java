package org.usermem.fs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.attribute.FileType;

/**
 * A directory of a file system.
 *
 * <p>Names that reach these methods are single components: not empty, not {@code "."} or {@code
 * ".."}, without slashes and at most 255 bytes long. The VFS has checked permissions, that a name
 * to be made does not exist, and that one to be removed does.
 *
 * <p><b>What the VFS serialises.</b> While {@link #createFile} and the other methods that change a
 * directory run, no other such method, and no {@link #lookup}, runs on the same directory; {@link
 * #rename} excludes both directories. {@link #list} may run at any time.
 *
 * <p>The methods that change something are refused with EPERM unless a file system overrides them.
 */
public abstract class Directory extends Inode {

  /**
   * Creates a directory.
   *
   * @param fileSystem the file system that it belongs to
   * @param number its inode number, unique in the file system
   */
  protected Directory(FileSystem fileSystem, long number) {
    super(fileSystem, number);
  }

  /**
   * Looks a name up.
   *
   * @return what it names; null if there is no such name
   * @throws LinuxException what the storage says; ENAMETOOLONG
   */
  public abstract @Nullable Inode lookup(String name);

  /**
   * Returns whether what an earlier lookup gave is still true. Asked only if the file system {@link
   * FileSystem#changesByItself}; without serialisation.
   *
   * @param name the name that was looked up
   * @param cached what the lookup gave
   */
  public boolean isCurrent(String name, @Nullable Inode cached) {
    return false;
  }

  /**
   * Returns the position that SEEK_END counts from: 0 for directories that are made up as they are
   * read, as those of /proc.
   *
   * @throws LinuxException EINVAL where a position from the end means nothing
   */
  public long endPosition() {
    throw LinuxException.of(Errno.EINVAL);
  }

  /**
   * Lists entries, without {@code "."} and {@code ".."}.
   *
   * <p>An entry that exists during a whole series of listings, each starting where the one before
   * ended, is visited exactly once, whatever is created and removed meanwhile.
   *
   * @param offset where to start: 0, or the offset that came with the entry after which to go on
   * @param visitor takes the entries; not kept
   * @throws LinuxException what the storage says, if no entry was visited
   */
  public abstract void list(long offset, DirectoryVisitor visitor);

  /** Returns whether the offsets of {@link #list} are those of {@link NameHash}. */
  public boolean listsByNameHash() {
    return false;
  }

  /** Creates a regular file. */
  public RegularFile createFile(String name, NewFile attributes) {
    throw LinuxException.of(Errno.EPERM);
  }

  /** Creates a directory, empty. */
  public Directory createDirectory(String name, NewFile attributes) {
    throw LinuxException.of(Errno.EPERM);
  }

  /** Creates a symbolic link. */
  public SymbolicLink createSymbolicLink(String name, String target, NewFile attributes) {
    throw LinuxException.of(Errno.EPERM);
  }

  /**
   * Creates a FIFO, a socket or a device node.
   *
   * @param type the type; the permissions are those of {@code attributes}
   * @param specialDevice the number of the device; 0 if it is none
   */
  public SpecialFile createSpecial(
      String name, FileType type, long specialDevice, NewFile attributes) {
    throw LinuxException.of(Errno.EPERM);
  }

  /**
   * Creates a regular file without a name (O_TMPFILE), which {@link #link} may name later.
   *
   * @throws LinuxException EOPNOTSUPP if the file system has none
   */
  public RegularFile createTemporary(NewFile attributes) {
    throw LinuxException.of(Errno.EOPNOTSUPP);
  }

  /**
   * Gives an inode of the same file system one more name.
   *
   * @param existing no directory
   * @throws LinuxException EMLINK if it has too many
   */
  public void link(String name, Inode existing) {
    throw LinuxException.of(Errno.EPERM);
  }

  /**
   * Removes a name.
   *
   * @param child what it names: no directory
   */
  public void unlink(String name, Inode child) {
    throw LinuxException.of(Errno.EPERM);
  }

  /**
   * Removes an empty directory.
   *
   * @param child what the name names
   * @throws LinuxException ENOTEMPTY if it has entries
   */
  public void removeDirectory(String name, Directory child) {
    throw LinuxException.of(Errno.EPERM);
  }

  /**
   * Moves a name into a directory of the same file system, perhaps this one. The VFS has checked
   * that no directory is moved below itself, that directories replace only directories, and what
   * {@link RenameFlags#NO_REPLACE} demands.
   *
   * @param name the name in this directory
   * @param child what it names
   * @param target the directory of the new name
   * @param newName the new name
   * @param replaced what the new name names now, which goes; with {@link RenameFlags#EXCHANGE} it
   *     gets the old name instead; null if there is none
   * @param flags bits of {@link RenameFlags}
   * @throws LinuxException ENOTEMPTY if a directory with entries would be replaced; EINVAL for
   *     flags that the file system does not have
   */
  public void rename(
      String name,
      Inode child,
      Directory target,
      String newName,
      @Nullable Inode replaced,
      int flags) {
    throw LinuxException.of(Errno.EPERM);
  }

  @Override
  public FileDescription open(OpenRequest request) {
    return new DirectoryDescription(this, request);
  }
}
