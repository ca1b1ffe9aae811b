package org.usermem.linux.path;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.access.Access;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.PathContext;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.abi.Timespec;
import org.usermem.linux.file.Transfer;

/**
 * chmod(2), chown(2), utimensat(2), truncate(2), access(2) and their forms; fs/open.c, fs/utimes.c.
 */
public final class AttributeCalls {
  private static final long UTIME_NOW = (1L << 30) - 1;
  private static final long UTIME_OMIT = (1L << 30) - 2;

  private static final AttributeChange BOTH_NOW =
      AttributeChange.NONE.withBits(
          AttributeChange.ACCESS_TIME_NOW | AttributeChange.MODIFICATION_TIME_NOW);

  private AttributeCalls() {}

  private static long change(
      Task task, int directory, long address, int lookup, AttributeChange change) {
    String path = Paths.copyIn(task, address);
    Location found = Paths.find(task, directory, path, lookup);
    Paths.vfs(task).setAttributes(Paths.context(task), found, change);
    return 0;
  }

  private static long changeOpen(Task task, int descriptor, AttributeChange change) {
    FileDescription file = task.files().get(descriptor);
    try {
      if (file.isPath()) {
        throw LinuxException.of(Errno.EBADF);
      }
      Paths.vfs(task).setAttributes(Paths.context(task), file.location(), change);
      return 0;
    } finally {
      file.decRef();
    }
  }

  private static AttributeChange mode(int mode) {
    return AttributeChange.NONE.withMode(mode & FileMode.CHANGEABLE);
  }

  /** chmod(filename, mode). */
  public static long chmod(Task task, SyscallArguments args) {
    return change(task, Paths.AT_FDCWD, args.asLong(0), LookupFlags.FOLLOW, mode(args.asInt(1)));
  }

  /** fchmod(fd, mode). */
  public static long fchmod(Task task, SyscallArguments args) {
    return changeOpen(task, args.asInt(0), mode(args.asInt(1)));
  }

  /** fchmodat(dfd, filename, mode). */
  public static long fchmodat(Task task, SyscallArguments args) {
    return change(task, args.asInt(0), args.asLong(1), LookupFlags.FOLLOW, mode(args.asInt(2)));
  }

  /** fchmodat2(dfd, filename, mode, flags). */
  public static long fchmodat2(Task task, SyscallArguments args) {
    int flags = args.asInt(3);
    Paths.requireOnly(flags, Paths.AT_SYMLINK_NOFOLLOW | Paths.AT_EMPTY_PATH);
    String path = Paths.copyIn(task, args.asLong(1));
    Location found = Paths.find(task, args.asInt(0), path, Paths.lookup(flags));
    if (found.inode().type() == FileType.SYMBOLIC_LINK) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    }
    Paths.vfs(task).setAttributes(Paths.context(task), found, mode(args.asInt(2)));
    return 0;
  }

  private static AttributeChange owner(int user, int group) {
    return AttributeChange.NONE.withOwner(user, group);
  }

  /** chown(filename, user, group). */
  public static long chown(Task task, SyscallArguments args) {
    AttributeChange change = owner(args.asInt(1), args.asInt(2));
    return change(task, Paths.AT_FDCWD, args.asLong(0), LookupFlags.FOLLOW, change);
  }

  /** lchown(filename, user, group). */
  public static long lchown(Task task, SyscallArguments args) {
    AttributeChange change = owner(args.asInt(1), args.asInt(2));
    return change(task, Paths.AT_FDCWD, args.asLong(0), 0, change);
  }

  /** fchown(fd, user, group). */
  public static long fchown(Task task, SyscallArguments args) {
    return changeOpen(task, args.asInt(0), owner(args.asInt(1), args.asInt(2)));
  }

  /** fchownat(dfd, filename, user, group, flag). */
  public static long fchownat(Task task, SyscallArguments args) {
    int flags = args.asInt(4);
    Paths.requireOnly(flags, Paths.AT_SYMLINK_NOFOLLOW | Paths.AT_EMPTY_PATH);
    AttributeChange change = owner(args.asInt(2), args.asInt(3));
    return change(task, args.asInt(0), args.asLong(1), Paths.lookup(flags), change);
  }

  /** truncate(path, length). */
  public static long truncate(Task task, SyscallArguments args) {
    long length = args.asLong(1);
    if (length < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    String path = Paths.copyIn(task, args.asLong(0));
    Location found = Paths.find(task, Paths.AT_FDCWD, path, LookupFlags.FOLLOW);
    Inode inode = found.inode();
    switch (inode.type()) {
      case REGULAR -> {}
      case DIRECTORY -> throw LinuxException.of(Errno.EISDIR);
      default -> throw LinuxException.of(Errno.EINVAL);
    }
    inode.checkAccess(task.credentials().forFiles(), Access.WRITE);
    Transfer.requireWithinLimit(task, length, inode);
    Paths.vfs(task)
        .setAttributes(Paths.context(task), found, AttributeChange.NONE.withByteSize(length));
    return 0;
  }

  /** utime(filename, times): seconds. */
  public static long utime(Task task, SyscallArguments args) {
    AttributeChange change = BOTH_NOW;
    if (args.asLong(1) != 0) {
      MemorySegment times = task.scratch(16);
      task.copyInFully(args.asLong(1), times);
      change =
          AttributeChange.NONE
              .withAccessTime(times.get(JAVA_LONG_UNALIGNED, 0) * Timespec.NANOSECONDS)
              .withModificationTime(times.get(JAVA_LONG_UNALIGNED, 8) * Timespec.NANOSECONDS);
    }
    return change(task, Paths.AT_FDCWD, args.asLong(0), LookupFlags.FOLLOW, change);
  }

  /** utimes(filename, times): microseconds. */
  public static long utimes(Task task, SyscallArguments args) {
    return change(
        task,
        Paths.AT_FDCWD,
        args.asLong(0),
        LookupFlags.FOLLOW,
        microseconds(task, args.asLong(1)));
  }

  /** futimesat(dfd, filename, times). */
  public static long futimesat(Task task, SyscallArguments args) {
    AttributeChange change = microseconds(task, args.asLong(2));
    if (args.asLong(1) == 0) {
      return changeOpen(task, args.asInt(0), change);
    }
    return change(task, args.asInt(0), args.asLong(1), LookupFlags.FOLLOW, change);
  }

  private static AttributeChange microseconds(Task task, long address) {
    if (address == 0) {
      return BOTH_NOW;
    }
    MemorySegment times = task.scratch(32);
    task.copyInFully(address, times);
    return AttributeChange.NONE
        .withAccessTime(Timespec.decodeMicroseconds(times, 0))
        .withModificationTime(Timespec.decodeMicroseconds(times, 16));
  }

  /** utimensat(dfd, filename, times, flags). */
  public static long utimensat(Task task, SyscallArguments args) {
    int flags = args.asInt(3);
    AttributeChange change = BOTH_NOW;
    if (args.asLong(2) != 0) {
      MemorySegment times = task.scratch(32);
      task.copyInFully(args.asLong(2), times);
      change = accessTime(modificationTime(AttributeChange.NONE, times), times);
      if (change.mask() == 0) {
        return 0;
      }
    }
    if (args.asLong(1) == 0 && args.asInt(0) != Paths.AT_FDCWD) {
      Paths.requireOnly(flags, 0);
      return changeOpen(task, args.asInt(0), change);
    }
    Paths.requireOnly(flags, Paths.AT_SYMLINK_NOFOLLOW | Paths.AT_EMPTY_PATH);
    return change(task, args.asInt(0), args.asLong(1), Paths.lookup(flags), change);
  }

  private static AttributeChange accessTime(AttributeChange change, MemorySegment times) {
    long fraction = times.get(JAVA_LONG_UNALIGNED, 8);
    if (fraction == UTIME_OMIT) {
      return change;
    }
    return fraction == UTIME_NOW
        ? change.withBits(AttributeChange.ACCESS_TIME_NOW)
        : change.withAccessTime(nanoseconds(times, 0));
  }

  private static AttributeChange modificationTime(AttributeChange change, MemorySegment times) {
    long fraction = times.get(JAVA_LONG_UNALIGNED, 24);
    if (fraction == UTIME_OMIT) {
      return change;
    }
    return fraction == UTIME_NOW
        ? change.withBits(AttributeChange.MODIFICATION_TIME_NOW)
        : change.withModificationTime(nanoseconds(times, 16));
  }

  /** Times of files may lie before 1970. */
  private static long nanoseconds(MemorySegment times, long at) {
    long seconds = times.get(JAVA_LONG_UNALIGNED, at);
    long fraction = times.get(JAVA_LONG_UNALIGNED, at + 8);
    if (fraction < 0 || fraction >= Timespec.NANOSECONDS) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long limit = Long.MAX_VALUE / Timespec.NANOSECONDS - 1;
    return Math.clamp(seconds, -limit, limit) * Timespec.NANOSECONDS + fraction;
  }

  /** access(filename, mode). */
  public static long access(Task task, SyscallArguments args) {
    return access(task, Paths.AT_FDCWD, args.asLong(0), args.asInt(1), 0);
  }

  /** faccessat(dfd, filename, mode). */
  public static long faccessat(Task task, SyscallArguments args) {
    return access(task, args.asInt(0), args.asLong(1), args.asInt(2), 0);
  }

  /** faccessat2(dfd, filename, mode, flags). */
  public static long faccessat2(Task task, SyscallArguments args) {
    int flags = args.asInt(3);
    Paths.requireOnly(flags, Paths.AT_EACCESS | Paths.AT_SYMLINK_NOFOLLOW | Paths.AT_EMPTY_PATH);
    return access(task, args.asInt(0), args.asLong(1), args.asInt(2), flags);
  }

  private static long access(Task task, int directory, long address, int mode, int flags) {
    Paths.requireOnly(mode, Access.READ | Access.WRITE | Access.EXECUTE);
    boolean effective = (flags & Paths.AT_EACCESS) != 0;
    Credentials credentials =
        effective ? task.credentials().forFiles() : task.credentials().forAccessCheck();
    PathContext context = task.fsContext().context(credentials);
    String path = Paths.copyIn(task, address);
    Paths.vfs(task)
        .checkAccess(context, Paths.start(task, directory, path), path, Paths.lookup(flags), mode);
    return 0;
  }
}
