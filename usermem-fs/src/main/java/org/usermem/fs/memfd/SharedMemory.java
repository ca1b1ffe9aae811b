package org.usermem.fs.memfd;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.NewFile;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.tmpfs.Seals;
import org.usermem.fs.tmpfs.TmpfsFile;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

/**
 * Files in memory that no directory holds.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class SharedMemory {

  /** MFD_CLOEXEC: the descriptor table's business. */
  public static final int CLOSE_ON_EXEC = 1;

  /** MFD_ALLOW_SEALING. */
  public static final int ALLOW_SEALING = 2;

  /** MFD_NOEXEC_SEAL. */
  public static final int NO_EXECUTE_SEAL = 8;

  /** MFD_EXEC. */
  public static final int EXECUTE = 16;

  /** The longest name: NAME_MAX without the prefix "memfd:". */
  private static final int NAME_BYTE_LIMIT = 249;

  private final AnonymousFiles files;
  private final TmpfsFileSystem fileSystem;

  /**
   * Creates a maker of such files.
   *
   * @param files where their inodes live
   * @param context what the VFS gives to the file system, never mounted, that keeps their contents
   */
  public SharedMemory(AnonymousFiles files, FileSystemContext context) {
    this.files = files;
    this.fileSystem = new TmpfsFileSystem(context, TmpfsOptions.DEFAULT);
  }

  /**
   * Makes a file, as memfd_create(2).
   *
   * @param name its name for display, without "memfd:"
   * @param flags constants of this class
   * @param credentials who makes it
   * @return a description with one reference, which is the caller's, open for reading and writing
   * @throws LinuxException EINVAL for a name that is too long, and for unknown flags
   */
  public FileDescription createMemfd(String name, int flags, Credentials credentials) {
    int known = CLOSE_ON_EXEC | ALLOW_SEALING | NO_EXECUTE_SEAL | EXECUTE;
    boolean contradicts = (flags & (NO_EXECUTE_SEAL | EXECUTE)) == (NO_EXECUTE_SEAL | EXECUTE);
    if ((flags & ~known) != 0 || contradicts || name.length() > NAME_BYTE_LIMIT) {
      throw LinuxException.of(Errno.EINVAL);
    }
    boolean executable = (flags & NO_EXECUTE_SEAL) == 0;
    TmpfsFile file = create(executable ? 0777 : 0666, credentials);
    int seals = (flags & (ALLOW_SEALING | NO_EXECUTE_SEAL)) != 0 ? 0 : Seals.SEAL;
    file.allowSeals(seals | (executable ? 0 : Seals.EXECUTE));
    return open(file, "/memfd:" + name + " (deleted)", credentials);
  }

  /**
   * Makes a file of zeroes to be mapped, as a shared anonymous mapping or one of /dev/zero.
   *
   * @param byteCount its size, not negative
   * @param displayName what /proc/PID/maps shows, such as {@code "/dev/zero (deleted)"}
   * @param credentials who makes it
   * @return a description with one reference, which is the caller's
   */
  public FileDescription create(long byteCount, String displayName, Credentials credentials) {
    TmpfsFile file = create(0600, credentials);
    file.setAttributes(AttributeChange.NONE.withByteSize(byteCount));
    return open(file, displayName, credentials);
  }

  private TmpfsFile create(int permissions, Credentials credentials) {
    return fileSystem.createUnnamed(
        new NewFile(permissions, credentials.userId(), credentials.groupId()));
  }

  private FileDescription open(TmpfsFile file, String displayName, Credentials credentials) {
    return file.open(
        new OpenRequest(
            files.place(file, displayName),
            OpenFlags.READ_WRITE | OpenFlags.LARGE_FILE,
            credentials));
  }
}
