package org.usermem.sentry.run;

import org.usermem.fs.Location;
import org.usermem.fs.vfs.VirtualFileSystem;

/** Something that belongs to the files of a guest and is not known to the sentry itself. */
@FunctionalInterface
public interface GuestAttachment {

  /**
   * Attaches it: after the kernel's own files are mounted, before what was asked for is.
   *
   * @param vfs the guest's file systems
   * @param root the guest's root
   * @return what is closed when the guest has ended, before its file systems are
   */
  Attached attach(VirtualFileSystem vfs, Location root);

  /** An attachment, to be closed. */
  @FunctionalInterface
  interface Attached extends AutoCloseable {
    @Override
    void close();
  }
}
