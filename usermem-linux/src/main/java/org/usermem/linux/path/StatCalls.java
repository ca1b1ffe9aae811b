package org.usermem.linux.path;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileSystemAttributes;
import org.usermem.fs.pipe.PipeDescription;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.abi.StatStruct;
import org.usermem.linux.abi.StatfsStruct;
import org.usermem.linux.abi.StatxStruct;

/** stat(2) in all its forms, and statfs(2); fs/stat.c, fs/statfs.c. */
public final class StatCalls {
  private static final int STATX_RESERVED = 0x80000000;

  /** What pipes without a name live in (PIPEFS_MAGIC). */
  private static final FileSystemAttributes PIPE_FILE_SYSTEM =
      FileSystemAttributes.withoutStorage(0x50495045);

  private StatCalls() {}

  /** stat(filename, statbuf). */
  public static long stat(Task task, SyscallArguments args) {
    String path = Paths.copyIn(task, args.asLong(0));
    return copyOut(task, find(task, Paths.AT_FDCWD, path, LookupFlags.FOLLOW), args.asLong(1));
  }

  /** lstat(filename, statbuf). */
  public static long lstat(Task task, SyscallArguments args) {
    String path = Paths.copyIn(task, args.asLong(0));
    return copyOut(task, find(task, Paths.AT_FDCWD, path, 0), args.asLong(1));
  }

  /** fstat(fd, statbuf). */
  public static long fstat(Task task, SyscallArguments args) {
    return copyOut(task, ofDescriptor(task, args.asInt(0)), args.asLong(1));
  }

  /** newfstatat(dfd, filename, statbuf, flag). */
  public static long fstatat(Task task, SyscallArguments args) {
    int flags = args.asInt(3);
    Paths.requireOnly(
        flags, Paths.AT_SYMLINK_NOFOLLOW | Paths.AT_NO_AUTOMOUNT | Paths.AT_EMPTY_PATH);
    String path = Paths.copyIn(task, args.asLong(1));
    return copyOut(task, find(task, args.asInt(0), path, Paths.lookup(flags)), args.asLong(2));
  }

  /** statx(dfd, filename, flags, mask, buffer). */
  @SuppressWarnings("ReferenceEquality") // the root of a mount is one dentry
  public static long statx(Task task, SyscallArguments args) {
    int flags = args.asInt(2);
    boolean bothSyncTypes = (flags & Paths.AT_STATX_SYNC_TYPE) == Paths.AT_STATX_SYNC_TYPE;
    if ((args.asInt(3) & STATX_RESERVED) != 0 || bothSyncTypes) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Paths.requireOnly(
        flags,
        Paths.AT_SYMLINK_NOFOLLOW
            | Paths.AT_NO_AUTOMOUNT
            | Paths.AT_EMPTY_PATH
            | Paths.AT_STATX_SYNC_TYPE);
    String path = statxPath(task, args.asLong(1), flags);
    int descriptor = args.asInt(0);
    FileAttributes attributes;
    Mount mount;
    if (path.isEmpty() && descriptor != Paths.AT_FDCWD && (flags & Paths.AT_EMPTY_PATH) != 0) {
      FileDescription file = task.files().get(descriptor);
      attributes = file.attributes();
      mount = file.location().mount();
      file.decRef();
    } else {
      Location found = Paths.find(task, descriptor, path, Paths.lookup(flags));
      attributes = found.inode().attributes();
      mount = found.mount();
      if (found.dentry() == mount.root()) {
        attributes = attributes.withFlags(FileAttributes.MOUNT_ROOT);
      }
    }
    MemorySegment statx = task.scratch(StatxStruct.BYTE_COUNT);
    StatxStruct.encode(attributes, mount.id(), statx);
    task.copyOutFully(args.asLong(4), statx);
    return 0;
  }

  /** Since Linux 6.11 a null pointer with AT_EMPTY_PATH is an empty path. */
  private static String statxPath(Task task, long address, int flags) {
    return address == 0 && (flags & Paths.AT_EMPTY_PATH) != 0 ? "" : Paths.copyIn(task, address);
  }

  private static FileAttributes find(Task task, int descriptor, String path, int lookup) {
    boolean itself = path.isEmpty() && (lookup & LookupFlags.EMPTY_PATH) != 0;
    if (itself && descriptor != Paths.AT_FDCWD) {
      return ofDescriptor(task, descriptor);
    }
    return Paths.find(task, descriptor, path, lookup).inode().attributes();
  }

  private static FileAttributes ofDescriptor(Task task, int descriptor) {
    FileDescription file = task.files().get(descriptor);
    try {
      return file.attributes();
    } finally {
      file.decRef();
    }
  }

  private static long copyOut(Task task, FileAttributes attributes, long address) {
    MemorySegment stat = task.scratch(StatStruct.BYTE_COUNT);
    StatStruct.encode(attributes, stat);
    task.copyOutFully(address, stat);
    return 0;
  }

  /** statfs(pathname, buf). */
  public static long statfs(Task task, SyscallArguments args) {
    String path = Paths.copyIn(task, args.asLong(0));
    Mount mount = Paths.find(task, Paths.AT_FDCWD, path, LookupFlags.FOLLOW).mount();
    return statfs(task, mount.fileSystem().attributes(), mount.flags(), args.asLong(1));
  }

  /** fstatfs(fd, buf). */
  public static long fstatfs(Task task, SyscallArguments args) {
    FileDescription file = task.files().get(args.asInt(0));
    try {
      Mount mount = file.location().mount();
      boolean isPipe = file instanceof PipeDescription && file.inode() instanceof AnonymousInode;
      return statfs(
          task,
          isPipe ? PIPE_FILE_SYSTEM : mount.fileSystem().attributes(),
          mount.flags(),
          args.asLong(1));
    } finally {
      file.decRef();
    }
  }

  private static long statfs(Task task, FileSystemAttributes attributes, long flags, long address) {
    MemorySegment statfs = task.scratch(StatfsStruct.BYTE_COUNT);
    // ST_RDONLY, ST_NOSUID, ST_NODEV, ST_NOEXEC, ST_NOATIME and ST_NODIRATIME are the MS_* bits.
    StatfsStruct.encode(attributes, flags, statfs);
    task.copyOutFully(address, statfs);
    return 0;
  }
}
