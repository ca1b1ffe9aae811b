package org.usermem.fs.vfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileEvents;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.RegularFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Capability;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.watch.WatchEvents;

/** Checks, completes and makes changes of attributes, as {@code notify_change} of Linux. */
final class AttributeChanges {

  private static final int TIMES =
      AttributeChange.ACCESS_TIME
          | AttributeChange.MODIFICATION_TIME
          | AttributeChange.ACCESS_TIME_NOW
          | AttributeChange.MODIFICATION_TIME_NOW;

  private AttributeChanges() {}

  static void change(Location location, AttributeChange asked, Credentials credentials) {
    Permissions.requireWritableMount(location);
    Inode inode = location.inode();
    requirePermitted(inode, asked, credentials);
    inode.setAttributes(completed(inode, asked, credentials));
    if (asked.changes(AttributeChange.USER_ID | AttributeChange.GROUP_ID)) {
      dropFileCapabilities(inode);
    } else if (asked.changes(AttributeChange.BYTE_SIZE) && inode instanceof RegularFile file) {
      file.dropCapabilities();
    }
    FileEvents.changed(location, event(asked));
  }

  /** Follows {@code fsnotify_change}: setting one of the times looks like an access or a change. */
  private static int event(AttributeChange asked) {
    boolean accessed = asked.changes(AttributeChange.ACCESS_TIME | AttributeChange.ACCESS_TIME_NOW);
    boolean modified =
        asked.changes(AttributeChange.MODIFICATION_TIME | AttributeChange.MODIFICATION_TIME_NOW);
    if (asked.changes(AttributeChange.BYTE_SIZE)) {
      return WatchEvents.MODIFY;
    }
    if (asked.changes(AttributeChange.MODE | AttributeChange.USER_ID | AttributeChange.GROUP_ID)
        || accessed == modified) {
      return WatchEvents.ATTRIBUTES;
    }
    return accessed ? WatchEvents.ACCESS : WatchEvents.MODIFY;
  }

  private static void requirePermitted(Inode inode, AttributeChange asked, Credentials who) {
    if (asked.changes(AttributeChange.MODE)) {
      if (inode instanceof SymbolicLink) {
        throw LinuxException.of(Errno.EOPNOTSUPP);
      }
      requireOwner(inode, who);
    }
    if (asked.changes(AttributeChange.USER_ID)
        && !who.has(Capability.CHOWN)
        && (who.userId() != inode.userId() || asked.userId() != inode.userId())) {
      throw LinuxException.of(Errno.EPERM);
    }
    if (asked.changes(AttributeChange.GROUP_ID)
        && !who.has(Capability.CHOWN)
        && (who.userId() != inode.userId()
            || (asked.groupId() != inode.groupId() && !who.inGroup(asked.groupId())))) {
      throw LinuxException.of(Errno.EPERM);
    }
    if (asked.changes(TIMES)) {
      requireTimesPermitted(inode, asked, who);
    }
    if (asked.changes(AttributeChange.BYTE_SIZE)) {
      requireResizable(inode, asked, who);
    }
  }

  /** A file that is given away gives nobody rights ({@code security_inode_killpriv}). */
  private static void dropFileCapabilities(Inode inode) {
    try {
      inode.extendedAttributes().remove("security.capability");
    } catch (LinuxException e) {
      // Most have none, or can't.
      return;
    }
  }

  private static void requireOwner(Inode inode, Credentials who) {
    if (!who.actsAs(inode.userId())) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  // Setting both times to now needs only the right to write (utimensat(2)).
  private static void requireTimesPermitted(Inode inode, AttributeChange asked, Credentials who) {
    int both = AttributeChange.ACCESS_TIME_NOW | AttributeChange.MODIFICATION_TIME_NOW;
    if (who.actsAs(inode.userId())) {
      return;
    }
    if ((asked.mask() & TIMES) != both) {
      throw LinuxException.of(Errno.EPERM);
    }
    inode.checkAccess(who, Access.WRITE);
  }

  private static void requireResizable(Inode inode, AttributeChange asked, Credentials who) {
    if (inode instanceof Directory) {
      throw LinuxException.of(Errno.EISDIR);
    }
    if (!(inode instanceof RegularFile file) || asked.byteSize() < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    inode.checkAccess(who, Access.WRITE);
    file.requireNotExecuted();
  }

  private static AttributeChange completed(Inode inode, AttributeChange asked, Credentials who) {
    long now = inode.fileSystem().context().clock().nanos();
    AttributeChange result = asked.withChangeTime(now);
    if (asked.changes(AttributeChange.ACCESS_TIME_NOW)) {
      result = result.withAccessTime(now);
    }
    if (asked.changes(AttributeChange.MODIFICATION_TIME_NOW | AttributeChange.BYTE_SIZE)) {
      result = result.withModificationTime(now);
    }
    int mode = asked.changes(AttributeChange.MODE) ? asked.mode() : inode.permissions();
    if (asked.changes(AttributeChange.MODE)) {
      int group = asked.changes(AttributeChange.GROUP_ID) ? asked.groupId() : inode.groupId();
      if (!who.inGroup(group) && !who.has(Capability.FSETID)) {
        mode &= ~FileMode.SET_GROUP_ID;
      }
    } else if (dropsPrivileges(inode, asked, who)) {
      mode = FileMode.withoutPrivileges(mode);
    }
    return mode == inode.permissions() && !asked.changes(AttributeChange.MODE)
        ? result
        : result.withMode(mode);
  }

  // Giving a file away drops them whoever does it; writing only without CAP_FSETID.
  private static boolean dropsPrivileges(Inode inode, AttributeChange asked, Credentials who) {
    if (inode instanceof Directory) {
      return false;
    }
    return asked.changes(AttributeChange.USER_ID | AttributeChange.GROUP_ID)
        || (asked.changes(AttributeChange.BYTE_SIZE) && !who.has(Capability.FSETID));
  }

  /** Returns the change that truncates a file now. */
  static AttributeChange truncation(RegularFile file, long byteSize) {
    long now = file.fileSystem().context().clock().nanos();
    return AttributeChange.NONE
        .withByteSize(byteSize)
        .withModificationTime(now)
        .withChangeTime(now);
  }
}
