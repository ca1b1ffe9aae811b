package org.usermem.linux.path;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.abi.ExtensibleStruct;
import org.usermem.linux.file.DescriptorCalls;
import org.usermem.linux.tty.TerminalFiles;

/** open(2), openat(2), openat2(2) and creat(2); fs/open.c. */
public final class OpenCalls {
  private static final int KNOWN_FLAGS =
      OpenFlags.ACCESS_MODE
          | OpenFlags.CREATE
          | OpenFlags.EXCLUSIVE
          | OpenFlags.NO_CONTROLLING_TERMINAL
          | OpenFlags.TRUNCATE
          | OpenFlags.CHANGEABLE
          | OpenFlags.SYNC
          | OpenFlags.LARGE_FILE
          | OpenFlags.NO_FOLLOW
          | OpenFlags.CLOSE_ON_EXEC
          | OpenFlags.PATH
          | OpenFlags.TEMPORARY;

  private static final int PATH_FLAGS =
      OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.NO_FOLLOW | OpenFlags.CLOSE_ON_EXEC;

  private static final int HOW_BYTE_COUNT = 24;

  private static final int RESOLVE_NO_XDEV = 1;
  private static final int RESOLVE_NO_MAGICLINKS = 2;
  private static final int RESOLVE_NO_SYMLINKS = 4;
  private static final int RESOLVE_BENEATH = 8;
  private static final int RESOLVE_IN_ROOT = 16;
  private static final int RESOLVE_CACHED = 32;

  private OpenCalls() {}

  /** open(pathname, flags, mode). */
  public static long open(Task task, SyscallArguments args) {
    return open(task, Paths.AT_FDCWD, args.asLong(0), args.asInt(1), args.asInt(2));
  }

  /** openat(dfd, filename, flags, mode). */
  public static long openat(Task task, SyscallArguments args) {
    return open(task, args.asInt(0), args.asLong(1), args.asInt(2), args.asInt(3));
  }

  /** creat(pathname, mode). */
  public static long creat(Task task, SyscallArguments args) {
    int flags = OpenFlags.CREATE | OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE;
    return open(task, Paths.AT_FDCWD, args.asLong(0), flags, args.asInt(1));
  }

  /** What flags this call does not know are ignored, as the call has always done. */
  private static long open(Task task, int directory, long path, int flags, int mode) {
    int known = flags & KNOWN_FLAGS;
    if ((known & OpenFlags.PATH) != 0) {
      known &= PATH_FLAGS;
    }
    requireTemporaryWhole(known);
    int permissions = createsFile(known) ? mode & FileMode.CHANGEABLE : 0;
    return openFile(task, directory, Paths.copyIn(task, path), known, permissions, 0);
  }

  /** openat2(dfd, filename, how, usize). */
  public static long openat2(Task task, SyscallArguments args) {
    MemorySegment how =
        ExtensibleStruct.copyIn(
            task, args.asLong(2), args.asLong(3), HOW_BYTE_COUNT, HOW_BYTE_COUNT);
    long flags = how.get(JAVA_LONG_UNALIGNED, 0);
    long mode = how.get(JAVA_LONG_UNALIGNED, 8);
    long resolve = how.get(JAVA_LONG_UNALIGNED, 16);
    boolean creates = createsFile((int) flags);
    boolean sane =
        (flags & ~(long) KNOWN_FLAGS) == 0
            && (resolve & ~0x3fL) == 0
            && (resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT))
                != (RESOLVE_BENEATH | RESOLVE_IN_ROOT)
            && (creates ? (mode & ~(long) FileMode.CHANGEABLE) == 0 : mode == 0)
            && ((flags & OpenFlags.PATH) == 0 || (flags & ~(long) PATH_FLAGS) == 0);
    if (!sane) {
      throw LinuxException.of(Errno.EINVAL);
    }
    requireTemporaryWhole((int) flags);
    if ((resolve & RESOLVE_CACHED) != 0) {
      // Whether a name is cached is nobody's business here; "not now" is always a true answer.
      throw LinuxException.of(Errno.EAGAIN);
    }
    String path = Paths.copyIn(task, args.asLong(1));
    return openFile(task, args.asInt(0), path, (int) flags, (int) mode, lookup((int) resolve));
  }

  private static boolean createsFile(int flags) {
    return (flags & OpenFlags.CREATE) != 0 || (flags & OpenFlags.TEMPORARY) == OpenFlags.TEMPORARY;
  }

  /** __O_TMPFILE alone is what a kernel without O_TMPFILE would take for O_DIRECTORY: refused. */
  private static void requireTemporaryWhole(int flags) {
    int temporary = flags & OpenFlags.TEMPORARY;
    if ((temporary & ~OpenFlags.DIRECTORY) == 0) {
      boolean both = (flags & OpenFlags.CREATE) != 0 && (flags & OpenFlags.DIRECTORY) != 0;
      if (both) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return;
    }
    if (temporary != OpenFlags.TEMPORARY
        || (flags & OpenFlags.CREATE) != 0
        || !OpenFlags.writes(flags)) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static int lookup(int resolve) {
    int lookup = (resolve & RESOLVE_NO_XDEV) != 0 ? LookupFlags.NO_MOUNTS : 0;
    lookup |= (resolve & RESOLVE_NO_MAGICLINKS) != 0 ? LookupFlags.NO_MAGIC_LINKS : 0;
    lookup |= (resolve & RESOLVE_NO_SYMLINKS) != 0 ? LookupFlags.NO_SYMBOLIC_LINKS : 0;
    lookup |= (resolve & RESOLVE_BENEATH) != 0 ? LookupFlags.BENEATH : 0;
    return (resolve & RESOLVE_IN_ROOT) != 0 ? lookup | LookupFlags.IN_ROOT : lookup;
  }

  private static long openFile(
      Task task, int directory, String path, int flags, int permissions, int lookup) {
    int effective = (flags & OpenFlags.PATH) == 0 ? flags | OpenFlags.LARGE_FILE : flags;
    FileDescription file =
        Paths.vfs(task)
            .open(
                Paths.context(task),
                Paths.start(task, directory, path),
                path,
                effective,
                permissions,
                lookup);
    try {
      awaitOtherSide(task, file);
      if ((flags & OpenFlags.NO_CONTROLLING_TERMINAL) == 0) {
        TerminalFiles.opened(task, file);
      }
    } catch (RuntimeException e) {
      file.decRef();
      throw e;
    }
    return DescriptorCalls.install(task, file, flags);
  }

  /** An open of a FIFO is complete when the other side is open too. */
  private static void awaitOtherSide(Task task, FileDescription file) {
    if (file.isOpenComplete() || file.has(OpenFlags.NON_BLOCKING)) {
      return;
    }
    task.blocking()
        .retry(
            file,
            Readiness.OPENED,
            Clocks.NEVER,
            () -> {
              if (!file.isOpenComplete()) {
                throw LinuxException.of(Errno.EAGAIN);
              }
              return 0;
            });
  }
}
