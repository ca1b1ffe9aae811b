package org.usermem.fs;

/** A kind of file system that mount(2) can mount by name. */
public interface FileSystemType {

  /** Returns the name, as in /proc/filesystems. */
  String name();

  /** Returns whether it needs no block device ("nodev" in /proc/filesystems). */
  default boolean isVirtual() {
    return true;
  }

  /**
   * Makes or finds a file system.
   *
   * @param request what mount(2) was given
   * @return the file system, to be mounted
   * @throws org.usermem.errno.LinuxException EINVAL for options that are not understood; what else
   *     the type finds
   */
  FileSystem open(MountRequest request);
}
