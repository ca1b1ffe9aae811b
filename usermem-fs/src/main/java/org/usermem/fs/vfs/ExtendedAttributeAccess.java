package org.usermem.fs.vfs;

import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileEvents;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.RegularFile;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Capability;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.watch.WatchEvents;

/** Who may use which extended attributes ({@code xattr_permission} of Linux, xattr(7)). */
final class ExtendedAttributeAccess {

  private static final String USER = "user.";
  private static final String TRUSTED = "trusted.";
  private static final String SECURITY = "security.";
  private static final String SYSTEM = "system.";

  private ExtendedAttributeAccess() {}

  static void requireReadable(Location found, String name, Credentials who) {
    requireKnown(name);
    Inode inode = found.inode();
    if (name.startsWith(USER)) {
      if (!hasUserAttributes(inode)) {
        throw LinuxException.of(Errno.ENODATA);
      }
      inode.checkAccess(who, Access.READ);
    } else if (name.startsWith(TRUSTED) && !who.has(Capability.SYS_ADMIN)) {
      throw LinuxException.of(Errno.ENODATA);
    }
  }

  static void requireWritable(Location found, String name, Credentials who) {
    Permissions.requireWritableMount(found);
    requireKnown(name);
    Inode inode = found.inode();
    if (name.startsWith(USER)) {
      if (!hasUserAttributes(inode)) {
        throw LinuxException.of(Errno.EPERM);
      }
      if (inode instanceof Directory
          && (inode.mode() & FileMode.STICKY) != 0
          && !who.actsAs(inode.userId())) {
        throw LinuxException.of(Errno.EPERM);
      }
      inode.checkAccess(who, Access.WRITE);
    } else if ((name.startsWith(TRUSTED) || name.startsWith(SECURITY))
        && !who.has(Capability.SYS_ADMIN)) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  /** A name without one of the known prefixes belongs to no handler of attributes. */
  private static void requireKnown(String name) {
    if (!name.startsWith(USER)
        && !name.startsWith(TRUSTED)
        && !name.startsWith(SECURITY)
        && !name.startsWith(SYSTEM)) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    }
  }

  private static boolean hasUserAttributes(Inode inode) {
    return inode instanceof RegularFile || inode instanceof Directory;
  }

  static List<String> visibleNames(Inode inode, Credentials who) {
    return inode.extendedAttributes().names().stream()
        .filter(name -> !name.startsWith(TRUSTED) || who.has(Capability.SYS_ADMIN))
        .toList();
  }

  static void changed(Location found) {
    FileEvents.changed(found, WatchEvents.ATTRIBUTES);
  }
}
