package org.usermem.fs.hostfs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.HostErrno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.NewFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileType;

/** Changes of attributes on the host. */
final class HostChanges {

  private HostChanges() {}

  static void apply(HostNode node, AttributeChange change) {
    if (node.isRemoved()) {
      return;
    }
    boolean isLink = node.known().type() == FileType.SYMBOLIC_LINK;
    node.at(
        (directory, name) -> {
          Path path = directory.at(name);
          if (change.changes(AttributeChange.USER_ID)) {
            Files.setAttribute(path, "unix:uid", change.userId(), LinkOption.NOFOLLOW_LINKS);
          }
          if (change.changes(AttributeChange.GROUP_ID)) {
            Files.setAttribute(path, "unix:gid", change.groupId(), LinkOption.NOFOLLOW_LINKS);
          }
          // After the owner, for changing that one clears set-user-ID.
          if (change.changes(AttributeChange.MODE) && !isLink) {
            Files.setAttribute(path, "unix:mode", change.mode(), LinkOption.NOFOLLOW_LINKS);
          }
          FileTime accessed = time(change, AttributeChange.ACCESS_TIME, change.accessTime());
          FileTime modified =
              time(change, AttributeChange.MODIFICATION_TIME, change.modificationTime());
          // A change of size sets the time on the host by itself.
          boolean setsTimes = accessed != null || modified != null;
          if (setsTimes && !change.changes(AttributeChange.BYTE_SIZE)) {
            Files.getFileAttributeView(
                    path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(modified, accessed, null);
          }
          return name;
        });
  }

  private static @Nullable FileTime time(AttributeChange change, int bit, long nanos) {
    return change.changes(bit) ? FileTime.from(nanos, TimeUnit.NANOSECONDS) : null;
  }

  /**
   * Gives a file that was just made the attributes that were asked for. The host's umask and owner
   * were applied to it; an owner that the host does not let us set stays ours.
   */
  static void complete(Path path, NewFile wanted, boolean isLink) {
    try {
      HostAttributes made = HostAttributes.read(path);
      if (made.userId() != wanted.userId() || made.groupId() != wanted.groupId()) {
        setOwner(path, wanted);
      }
      if (!isLink && (made.mode() & 07777) != wanted.permissions()) {
        Files.setAttribute(path, "unix:mode", wanted.permissions(), LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw LinuxException.of(HostErrno.of(e));
    }
  }

  private static void setOwner(Path path, NewFile wanted) throws IOException {
    try {
      Files.setAttribute(path, "unix:uid", wanted.userId(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", wanted.groupId(), LinkOption.NOFOLLOW_LINKS);
    } catch (FileSystemException e) {
      if (HostErrno.of(e) != Errno.EPERM) {
        throw e;
      }
    }
  }
}
