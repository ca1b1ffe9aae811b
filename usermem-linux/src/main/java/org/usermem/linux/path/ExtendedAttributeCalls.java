package org.usermem.linux.path;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Location;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;

/** setxattr(2), getxattr(2), listxattr(2), removexattr(2) and their forms; fs/xattr.c. */
public final class ExtendedAttributeCalls {
  private static final int XATTR_NAME_MAX = 255;
  private static final int XATTR_SIZE_MAX = 65536;
  private static final int XATTR_CREATE = 1;
  private static final int XATTR_REPLACE = 2;

  private ExtendedAttributeCalls() {}

  /** Which file a call means by its first argument. */
  public enum Target {
    /** What a path leads to. */
    PATH,
    /** What a path leads to, the last link not followed. */
    LINK,
    /** What a descriptor refers to. */
    DESCRIPTOR
  }

  private static Location target(Task task, SyscallArguments args, Target target) {
    if (target != Target.DESCRIPTOR) {
      String path = Paths.copyIn(task, args.asLong(0));
      int lookup = target == Target.PATH ? LookupFlags.FOLLOW : 0;
      return Paths.find(task, Paths.AT_FDCWD, path, lookup);
    }
    FileDescription file = task.files().get(args.asInt(0));
    Location location = file.location();
    boolean isPath = file.isPath();
    file.decRef();
    if (isPath) {
      throw LinuxException.of(Errno.EBADF);
    }
    return location;
  }

  private static String name(Task task, long address) {
    String name;
    try {
      name = task.copyInString(address, XATTR_NAME_MAX + 1);
    } catch (LinuxException e) {
      throw e.errno() == Errno.ENAMETOOLONG ? LinuxException.of(Errno.ERANGE) : e;
    }
    if (name.isEmpty()) {
      throw LinuxException.of(Errno.ERANGE);
    }
    return name;
  }

  /** setxattr(path, name, value, size, flags). */
  public static long set(Task task, SyscallArguments args, Target target) {
    int flags = args.asInt(4);
    Paths.requireOnly(flags, XATTR_CREATE | XATTR_REPLACE);
    String name = name(task, args.asLong(1));
    long size = args.asLong(3);
    if (Long.compareUnsigned(size, XATTR_SIZE_MAX) > 0) {
      throw LinuxException.of(Errno.E2BIG);
    }
    byte[] value = new byte[(int) size];
    if (size > 0) {
      task.copyInFully(args.asLong(2), MemorySegment.ofArray(value));
    }
    ExtendedAttributeMode mode =
        switch (flags) {
          case XATTR_CREATE -> ExtendedAttributeMode.CREATE;
          case XATTR_REPLACE -> ExtendedAttributeMode.REPLACE;
          default -> ExtendedAttributeMode.SET;
        };
    Location found = target(task, args, target);
    Paths.vfs(task).setExtendedAttribute(Paths.context(task), found, name, value, mode);
    return 0;
  }

  /** getxattr(path, name, value, size). */
  public static long get(Task task, SyscallArguments args, Target target) {
    String name = name(task, args.asLong(1));
    Location found = target(task, args, target);
    byte[] value = Paths.vfs(task).extendedAttribute(Paths.context(task), found, name);
    return copyOut(task, value, args.asLong(2), args.asLong(3));
  }

  /** listxattr(path, list, size). */
  public static long list(Task task, SyscallArguments args, Target target) {
    Location found = target(task, args, target);
    List<String> names = Paths.vfs(task).extendedAttributeNames(Paths.context(task), found);
    StringBuilder list = new StringBuilder();
    for (String each : names) {
      list.append(each).append('\0');
    }
    byte[] bytes = list.toString().getBytes(StandardCharsets.ISO_8859_1);
    return copyOut(task, bytes, args.asLong(1), args.asLong(2));
  }

  private static long copyOut(Task task, byte[] bytes, long address, long room) {
    if (room == 0) {
      return bytes.length;
    }
    if (Long.compareUnsigned(bytes.length, room) > 0) {
      throw LinuxException.of(Errno.ERANGE);
    }
    task.copyOutFully(address, MemorySegment.ofArray(bytes));
    return bytes.length;
  }

  /** removexattr(path, name). */
  public static long remove(Task task, SyscallArguments args, Target target) {
    String name = name(task, args.asLong(1));
    Location found = target(task, args, target);
    Paths.vfs(task).removeExtendedAttribute(Paths.context(task), found, name);
    return 0;
  }
}
