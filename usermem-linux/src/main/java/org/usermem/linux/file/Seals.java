package org.usermem.linux.file;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.tmpfs.TmpfsFile;

/** The seals of fcntl(2); mm/memfd.c. */
final class Seals {
  private Seals() {}

  /** F_GET_SEALS. */
  static long get(FileDescription file) {
    return file(file).seals();
  }

  /** F_ADD_SEALS. */
  static long add(FileDescription file, int seals) {
    if (!file.isWritable()) {
      throw LinuxException.of(Errno.EPERM);
    }
    if ((seals & ~org.usermem.fs.tmpfs.Seals.ALL) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    file(file).addSeals(seals);
    return 0;
  }

  private static TmpfsFile file(FileDescription file) {
    if (file.inode() instanceof TmpfsFile tmpfs) {
      return tmpfs;
    }
    throw LinuxException.of(Errno.EINVAL);
  }
}
