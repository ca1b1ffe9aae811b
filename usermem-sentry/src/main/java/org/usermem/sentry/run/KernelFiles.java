package org.usermem.sentry.run;

import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.MountRequest;

/**
 * A file system that a kernel has one of: mount(2) shows it at another place, whatever the options.
 *
 * @param name as in /proc/filesystems
 * @param fileSystem what is shown
 */
record KernelFiles(String name, FileSystem fileSystem) implements FileSystemType {

  @Override
  public FileSystem open(MountRequest request) {
    return fileSystem;
  }
}
