package org.usermem.linux.path;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;

/** Making, removing, renaming and linking names; fs/namei.c. */
public final class NameCalls {
  private static final int RENAME_FLAGS = 7;

  private NameCalls() {}

  /** mkdir(pathname, mode). */
  public static long mkdir(Task task, SyscallArguments args) {
    return mkdir(task, Paths.AT_FDCWD, args.asLong(0), args.asInt(1));
  }

  /** mkdirat(dfd, pathname, mode). */
  public static long mkdirat(Task task, SyscallArguments args) {
    return mkdir(task, args.asInt(0), args.asLong(1), args.asInt(2));
  }

  private static long mkdir(Task task, int directory, long address, int mode) {
    String path = Paths.copyIn(task, address);
    int permissions = mode & (FileMode.ALL_PERMISSIONS | FileMode.STICKY);
    Paths.vfs(task)
        .makeDirectory(Paths.context(task), Paths.start(task, directory, path), path, permissions);
    return 0;
  }

  /** mknod(filename, mode, dev). */
  public static long mknod(Task task, SyscallArguments args) {
    return mknod(task, Paths.AT_FDCWD, args.asLong(0), args.asInt(1), args.asUnsignedInt(2));
  }

  /** mknodat(dfd, filename, mode, dev). */
  public static long mknodat(Task task, SyscallArguments args) {
    return mknod(task, args.asInt(0), args.asLong(1), args.asInt(2), args.asUnsignedInt(3));
  }

  private static long mknod(Task task, int directory, long address, int mode, long device) {
    FileType type =
        switch (mode & FileMode.TYPE_MASK) {
          case 0, 0x8000 -> FileType.REGULAR;
          case 0x1000, 0x2000, 0x6000, 0xc000 -> FileType.ofMode(mode);
          case 0x4000 -> throw LinuxException.of(Errno.EPERM);
          default -> throw LinuxException.of(Errno.EINVAL);
        };
    boolean isDevice = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
    String path = Paths.copyIn(task, address);
    Paths.vfs(task)
        .makeNode(
            Paths.context(task),
            Paths.start(task, directory, path),
            path,
            type,
            mode & FileMode.CHANGEABLE,
            isDevice ? device : 0);
    return 0;
  }

  /** rmdir(pathname). */
  public static long rmdir(Task task, SyscallArguments args) {
    return remove(task, Paths.AT_FDCWD, args.asLong(0), true);
  }

  /** unlink(pathname). */
  public static long unlink(Task task, SyscallArguments args) {
    return remove(task, Paths.AT_FDCWD, args.asLong(0), false);
  }

  /** unlinkat(dfd, pathname, flag). */
  public static long unlinkat(Task task, SyscallArguments args) {
    int flags = args.asInt(2);
    Paths.requireOnly(flags, Paths.AT_REMOVEDIR);
    return remove(task, args.asInt(0), args.asLong(1), flags != 0);
  }

  private static long remove(Task task, int directory, long address, boolean isDirectory) {
    String path = Paths.copyIn(task, address);
    if (isDirectory) {
      Paths.vfs(task)
          .removeDirectory(Paths.context(task), Paths.start(task, directory, path), path);
    } else {
      Paths.vfs(task).unlink(Paths.context(task), Paths.start(task, directory, path), path);
    }
    return 0;
  }

  /** rename(oldname, newname). */
  public static long rename(Task task, SyscallArguments args) {
    return rename(task, Paths.AT_FDCWD, args.asLong(0), Paths.AT_FDCWD, args.asLong(1), 0);
  }

  /** renameat(olddfd, oldname, newdfd, newname). */
  public static long renameat(Task task, SyscallArguments args) {
    return rename(task, args.asInt(0), args.asLong(1), args.asInt(2), args.asLong(3), 0);
  }

  /** renameat2(olddfd, oldname, newdfd, newname, flags). */
  public static long renameat2(Task task, SyscallArguments args) {
    int flags = args.asInt(4);
    Paths.requireOnly(flags, RENAME_FLAGS);
    return rename(task, args.asInt(0), args.asLong(1), args.asInt(2), args.asLong(3), flags);
  }

  private static long rename(
      Task task, int oldDirectory, long oldAddress, int newDirectory, long newAddress, int flags) {
    String oldPath = Paths.copyIn(task, oldAddress);
    String newPath = Paths.copyIn(task, newAddress);
    Paths.vfs(task)
        .rename(
            Paths.context(task),
            Paths.start(task, oldDirectory, oldPath),
            oldPath,
            Paths.start(task, newDirectory, newPath),
            newPath,
            flags);
    return 0;
  }

  /** link(oldname, newname). */
  public static long link(Task task, SyscallArguments args) {
    return link(task, Paths.AT_FDCWD, args.asLong(0), Paths.AT_FDCWD, args.asLong(1), 0);
  }

  /** linkat(olddfd, oldname, newdfd, newname, flags). */
  public static long linkat(Task task, SyscallArguments args) {
    int flags = args.asInt(4);
    Paths.requireOnly(flags, Paths.AT_SYMLINK_FOLLOW | Paths.AT_EMPTY_PATH);
    int lookup = (flags & Paths.AT_SYMLINK_FOLLOW) != 0 ? LookupFlags.FOLLOW : 0;
    lookup |= (flags & Paths.AT_EMPTY_PATH) != 0 ? LookupFlags.EMPTY_PATH : 0;
    return link(task, args.asInt(0), args.asLong(1), args.asInt(2), args.asLong(3), lookup);
  }

  private static long link(
      Task task, int oldDirectory, long oldAddress, int newDirectory, long newAddress, int lookup) {
    String oldPath = Paths.copyIn(task, oldAddress);
    String newPath = Paths.copyIn(task, newAddress);
    Paths.vfs(task)
        .makeLink(
            Paths.context(task),
            Paths.start(task, oldDirectory, oldPath),
            oldPath,
            Paths.start(task, newDirectory, newPath),
            newPath,
            lookup);
    return 0;
  }

  /** symlink(old, new). */
  public static long symlink(Task task, SyscallArguments args) {
    return symlink(task, args.asLong(0), Paths.AT_FDCWD, args.asLong(1));
  }

  /** symlinkat(oldname, newdfd, newname). */
  public static long symlinkat(Task task, SyscallArguments args) {
    return symlink(task, args.asLong(0), args.asInt(1), args.asLong(2));
  }

  private static long symlink(Task task, long targetAddress, int directory, long address) {
    String target = Paths.copyIn(task, targetAddress);
    if (target.isEmpty()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    String path = Paths.copyIn(task, address);
    Paths.vfs(task)
        .makeSymbolicLink(Paths.context(task), target, Paths.start(task, directory, path), path);
    return 0;
  }

  /** readlink(path, buf, bufsiz). */
  public static long readlink(Task task, SyscallArguments args) {
    return readlink(task, Paths.AT_FDCWD, args.asLong(0), args.asLong(1), args.asInt(2));
  }

  /** readlinkat(dfd, path, buf, bufsiz). */
  public static long readlinkat(Task task, SyscallArguments args) {
    return readlink(task, args.asInt(0), args.asLong(1), args.asLong(2), args.asInt(3));
  }

  private static long readlink(
      Task task, int directory, long pathAddress, long address, int byteCount) {
    if (byteCount <= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    String path = Paths.copyIn(task, pathAddress);
    String target =
        Paths.vfs(task)
            .readLink(
                Paths.context(task),
                Paths.start(task, directory, path),
                path,
                LookupFlags.EMPTY_PATH);
    byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
    int length = Math.min(bytes.length, byteCount);
    task.copyOutFully(address, MemorySegment.ofArray(bytes).asSlice(0, length));
    return length;
  }
}
