package org.usermem.linux.path;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Capability;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.namespace.MountTree;

/**
 * Where paths start and what is mounted: chdir(2), chroot(2), getcwd(2), umask(2), mount(2),
 * umount2(2).
 */
public final class PlaceCalls {
  private static final int MS_REMOUNT = 32;
  private static final int MS_BIND = 4096;
  private static final int MS_MOVE = 8192;
  private static final int MS_REC = 16384;
  private static final int MS_PROPAGATION = 0x1e0000;
  private static final int MS_MAGIC = 0xc0ed0000;

  private static final int MOUNT_FLAGS =
      Mount.READ_ONLY
          | Mount.NO_SET_ID
          | Mount.NO_DEVICES
          | Mount.NO_EXECUTE
          | Mount.NO_ACCESS_TIME
          | Mount.NO_DIRECTORY_ACCESS_TIME;

  private static final int MNT_FORCE = 1;
  private static final int MNT_DETACH = 2;
  private static final int MNT_EXPIRE = 4;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int MAXIMUM_DATA = 4096;

  private PlaceCalls() {}

  /** chdir(filename). */
  public static long chdir(Task task, SyscallArguments args) {
    Location found = directory(task, args.asLong(0));
    task.fsContext().setWorkingDirectory(found);
    return 0;
  }

  /** fchdir(fd). */
  public static long fchdir(Task task, SyscallArguments args) {
    FileDescription file = task.files().get(args.asInt(0));
    try {
      if (file.inode().type() != FileType.DIRECTORY) {
        throw LinuxException.of(Errno.ENOTDIR);
      }
      file.inode().checkAccess(task.credentials().forFiles(), Access.EXECUTE);
      task.fsContext().setWorkingDirectory(file.location());
      return 0;
    } finally {
      file.decRef();
    }
  }

  /** chroot(filename). */
  public static long chroot(Task task, SyscallArguments args) {
    Location found = directory(task, args.asLong(0));
    require(task, Capability.SYS_CHROOT);
    task.fsContext().setRoot(found);
    return 0;
  }

  private static Location directory(Task task, long address) {
    String path = Paths.copyIn(task, address);
    int lookup = LookupFlags.FOLLOW | LookupFlags.DIRECTORY;
    Location found = Paths.find(task, Paths.AT_FDCWD, path, lookup);
    found.inode().checkAccess(task.credentials().forFiles(), Access.EXECUTE);
    return found;
  }

  private static void require(Task task, Capability capability) {
    if (!task.credentials().has(capability)) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  /** getcwd(buf, size). */
  public static long getcwd(Task task, SyscallArguments args) {
    Location directory = task.fsContext().workingDirectory();
    if (directory.dentry().isRemoved()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    String path = directory.pathFrom(task.fsContext().root());
    if (path == null) {
      path = "(unreachable)" + directory.path();
    }
    byte[] bytes = (path + "\0").getBytes(StandardCharsets.ISO_8859_1);
    if (Long.compareUnsigned(bytes.length, args.asLong(1)) > 0) {
      throw LinuxException.of(Errno.ERANGE);
    }
    task.copyOutFully(args.asLong(0), MemorySegment.ofArray(bytes));
    return bytes.length;
  }

  /** umask(mask). */
  public static long umask(Task task, SyscallArguments args) {
    return task.fsContext().setUmask(args.asInt(0));
  }

  /** mount(dev_name, dir_name, type, flags, data). */
  public static long mount(Task task, SyscallArguments args) {
    int flags = args.asInt(3);
    if ((flags & 0xffff0000) == MS_MAGIC) {
      flags &= ~0xffff0000;
    }
    String type = optional(task, args.asLong(2));
    String source = optional(task, args.asLong(0));
    String options = optional(task, args.asLong(4));
    Location where = find(task, Paths.copyIn(task, args.asLong(1)), true);
    require(task, Capability.SYS_ADMIN);
    requireOwn(task, where);
    int kept = flags & MOUNT_FLAGS;
    if ((flags & MS_REMOUNT) != 0) {
      Paths.vfs(task).remount(where, kept);
    } else if ((flags & MS_BIND) != 0) {
      Paths.vfs(task).bind(find(task, source, true), where, (flags & MS_REC) != 0);
    } else if ((flags & MS_PROPAGATION) != 0) {
      // Mounts here have no peers, so every kind of propagation is the same.
      return 0;
    } else if ((flags & MS_MOVE) != 0) {
      Paths.vfs(task).moveMount(find(task, source, true), where);
    } else {
      Paths.vfs(task).mount(task.credentials().forFiles(), source, where, type, kept, options);
    }
    return 0;
  }

  private static String optional(Task task, long address) {
    return address == 0 ? "" : task.copyInString(address, MAXIMUM_DATA);
  }

  private static Location find(Task task, String path, boolean follows) {
    return Paths.find(task, Paths.AT_FDCWD, path, follows ? LookupFlags.FOLLOW : 0);
  }

  /** umount2(name, flags). */
  public static long umount(Task task, SyscallArguments args) {
    int flags = args.asInt(1);
    Paths.requireOnly(flags, MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW);
    String path = Paths.copyIn(task, args.asLong(0));
    Location where = find(task, path, (flags & UMOUNT_NOFOLLOW) == 0);
    require(task, Capability.SYS_ADMIN);
    requireOwn(task, where);
    Paths.vfs(task).unmount(where, (flags & MNT_DETACH) != 0);
    return 0;
  }

  /**
   * Checks that a place is in a mount that the task sees ({@code check_mnt}), and returns all that
   * it sees.
   */
  private static MountNamespace requireOwn(Task task, Location place) {
    MountNamespace mounts = MountTree.of(task);
    if (!mounts.contains(place.mount())) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return mounts;
  }

  /** pivot_root(new_root, put_old). */
  public static long pivotRoot(Task task, SyscallArguments args) {
    require(task, Capability.SYS_ADMIN);
    Location newRoot = directory(task, args.asLong(0));
    Location putOld = directory(task, args.asLong(1));
    Location oldRoot = task.fsContext().root();
    MountNamespace mounts = requireOwn(task, newRoot);
    requireOwn(task, putOld);
    Paths.vfs(task).pivotRoot(mounts, Paths.context(task), newRoot, putOld);
    // Whoever stood on the old root stands on the new one (chroot_fs_refs).
    task.kernel().tasksNow().forEach(each -> each.fsContext().replace(oldRoot, newRoot));
    return 0;
  }
}
