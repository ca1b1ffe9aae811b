package org.usermem.linux.event;

import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.access.Credentials;

/** A description without a file, which is read for events. */
abstract class EventDescriptionBase extends FileDescription {
  /**
   * Makes a description.
   *
   * @param name as in {@code anon_inode:[name]}
   * @param flags of which O_NONBLOCK counts
   */
  EventDescriptionBase(AnonymousFiles files, String name, int flags, Credentials credentials) {
    super(request(files, name, flags, credentials));
  }

  private static OpenRequest request(
      AnonymousFiles files, String name, int flags, Credentials credentials) {
    AnonymousInode inode =
        new AnonymousInode(
            files.fileSystem(),
            files.newInodeNumber(),
            0600,
            credentials.userId(),
            credentials.groupId());
    return new OpenRequest(
        files.place(inode, "anon_inode:[" + name + "]"),
        OpenFlags.READ_WRITE | (flags & OpenFlags.NON_BLOCKING),
        credentials);
  }

  @Override
  public final boolean canWait() {
    return true;
  }
}
