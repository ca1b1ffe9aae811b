package org.usermem.linux.file;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.kernel.Task;
import org.usermem.kernel.namespace.NamespaceKind;
import org.usermem.linux.nsfs.NamespaceInode;
import org.usermem.linux.system.LinuxSystem;

/** What an open namespace says of itself: ioctl_nsfs(2); fs/nsfs.c. */
final class NamespaceIoctls {
  private static final int NS_GET_USERNS = 0xb701;
  private static final int NS_GET_PARENT = 0xb702;
  private static final int NS_GET_NSTYPE = 0xb703;
  private static final int NS_GET_OWNER_UID = 0xb704;

  private NamespaceIoctls() {}

  static long ioctl(Task task, NamespaceInode inode, int command, long argument) {
    NamespaceKind kind = inode.kind();
    return switch (command) {
      case NS_GET_NSTYPE -> kind.flag();
      case NS_GET_USERNS -> owner(task, kind);
      case NS_GET_PARENT -> {
        // The first ones of the kinds that have parents have none.
        boolean isNested = kind == NamespaceKind.PROCESS || kind == NamespaceKind.USER;
        throw LinuxException.of(isNested ? Errno.EPERM : Errno.EINVAL);
      }
      case NS_GET_OWNER_UID -> {
        if (kind != NamespaceKind.USER) {
          throw LinuxException.of(Errno.EINVAL);
        }
        task.copyOutInt(argument, 0);
        yield 0;
      }
      default -> throw LinuxException.of(Errno.ENOTTY);
    };
  }

  /** Opens the namespace of users that all others belong to, which is nobody's. */
  private static long owner(Task task, NamespaceKind kind) {
    if (kind == NamespaceKind.USER) {
      throw LinuxException.of(Errno.EPERM);
    }
    VirtualFileSystem vfs = LinuxSystem.of(task).vfs();
    FileDescription owner =
        NamespaceInode.open(
            vfs.anonymousFiles(), NamespaceKind.USER, task.credentials().forFiles());
    return DescriptorCalls.install(task, owner, OpenFlags.CLOSE_ON_EXEC);
  }
}
