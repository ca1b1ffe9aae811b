package org.usermem.linux.file;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.attribute.FileType;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.system.LinuxSystem;

/**
 * Storage: fsync(2), fallocate(2), ftruncate(2), fadvise64(2) and their neighbours; fs/sync.c,
 * fs/open.c.
 */
public final class SyncCalls {
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;
  private static final int FALLOC_FL_COLLAPSE_RANGE = 8;
  private static final int FALLOC_FL_ZERO_RANGE = 16;
  private static final int FALLOC_FL_INSERT_RANGE = 32;

  private static final int MAXIMUM_ADVICE = 5;
  private static final int SYNC_RANGE_FLAGS = 7;

  private SyncCalls() {}

  /** An operation on an open file that is no O_PATH description. */
  @FunctionalInterface
  interface Operation {
    void on(FileDescription file);
  }

  static long withFile(Task task, int fd, Operation operation) {
    FileDescription file = task.files().get(fd);
    try {
      if (file.isPath()) {
        throw LinuxException.of(Errno.EBADF);
      }
      operation.on(file);
      return 0;
    } finally {
      file.decRef();
    }
  }

  /** fsync(fd). */
  public static long fsync(Task task, SyscallArguments args) {
    return withFile(task, args.asInt(0), file -> file.sync(false));
  }

  /** fdatasync(fd). */
  public static long fdatasync(Task task, SyscallArguments args) {
    return withFile(task, args.asInt(0), file -> file.sync(true));
  }

  /** sync(). */
  public static long sync(Task task) {
    LinuxSystem.of(task).vfs().sync();
    return 0;
  }

  /** syncfs(fd). */
  public static long syncfs(Task task, SyscallArguments args) {
    return withFile(task, args.asInt(0), file -> file.inode().fileSystem().sync());
  }

  /** sync_file_range(fd, offset, nbytes, flags). */
  public static long syncFileRange(Task task, SyscallArguments args) {
    long offset = args.asLong(1);
    long byteCount = args.asLong(2);
    boolean known = (args.asInt(3) & ~SYNC_RANGE_FLAGS) == 0;
    return withFile(
        task,
        args.asInt(0),
        file -> {
          if (!known || offset < 0 || byteCount < 0 || offset + byteCount < 0) {
            throw LinuxException.of(Errno.EINVAL);
          }
          switch (file.inode().type()) {
            case REGULAR, DIRECTORY, BLOCK_DEVICE, SYMBOLIC_LINK -> file.sync(true);
            default -> throw LinuxException.of(Errno.ESPIPE);
          }
        });
  }

  /** fadvise64(fd, offset, len, advice): advice is checked and has no effect. */
  public static long fadvise(Task task, SyscallArguments args) {
    long byteCount = args.asLong(2);
    long advice = args.asUnsignedInt(3);
    return withFile(
        task,
        args.asInt(0),
        file -> {
          if (file.inode().type() == FileType.FIFO) {
            throw LinuxException.of(Errno.ESPIPE);
          }
          if (byteCount < 0 || advice > MAXIMUM_ADVICE) {
            throw LinuxException.of(Errno.EINVAL);
          }
        });
  }

  /** readahead(fd, offset, count): the host reads ahead as it sees fit. */
  public static long readahead(Task task, SyscallArguments args) {
    return withFile(
        task,
        args.asInt(0),
        file -> {
          if (!file.isReadable()) {
            throw LinuxException.of(Errno.EBADF);
          }
          if (file.inode().type() != FileType.REGULAR) {
            throw LinuxException.of(Errno.EINVAL);
          }
        });
  }

  /** ftruncate(fd, length). */
  public static long ftruncate(Task task, SyscallArguments args) {
    long length = args.asLong(1);
    if (length < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return withFile(
        task,
        args.asInt(0),
        file -> {
          try {
            file.truncate(length, Transfer.options(task));
          } catch (LinuxException e) {
            Transfer.signalFailure(task, e.errno(), Transfer.options(task));
            throw e;
          }
        });
  }

  /** fallocate(fd, mode, offset, len). */
  public static long fallocate(Task task, SyscallArguments args) {
    long offset = args.asLong(2);
    long byteCount = args.asLong(3);
    int flags = args.asInt(1);
    return withFile(
        task,
        args.asInt(0),
        file -> {
          if (offset < 0 || byteCount <= 0) {
            throw LinuxException.of(Errno.EINVAL);
          }
          AllocateMode mode = mode(flags);
          if (!file.isWritable()) {
            throw LinuxException.of(Errno.EBADF);
          }
          switch (file.inode().type()) {
            case FIFO -> throw LinuxException.of(Errno.ESPIPE);
            case DIRECTORY -> throw LinuxException.of(Errno.EISDIR);
            case REGULAR -> allocate(task, file, mode, offset, byteCount);
            default -> throw LinuxException.of(Errno.ENODEV);
          }
        });
  }

  private static void allocate(
      Task task, FileDescription file, AllocateMode mode, long offset, long byteCount) {
    TransferOptions options = Transfer.options(task);
    try {
      file.allocate(mode, offset, byteCount, options);
    } catch (LinuxException e) {
      Transfer.signalFailure(task, e.errno(), options);
      throw e;
    }
  }

  private static AllocateMode mode(int flags) {
    return switch (flags) {
      case 0 -> AllocateMode.EXTEND;
      case FALLOC_FL_KEEP_SIZE -> AllocateMode.KEEP_SIZE;
      case FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE -> AllocateMode.PUNCH_HOLE;
      case FALLOC_FL_ZERO_RANGE -> AllocateMode.ZERO_RANGE;
      case FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE -> AllocateMode.ZERO_RANGE_KEEP_SIZE;
      case FALLOC_FL_COLLAPSE_RANGE -> AllocateMode.COLLAPSE_RANGE;
      case FALLOC_FL_INSERT_RANGE -> AllocateMode.INSERT_RANGE;
      default -> throw LinuxException.of(Errno.EOPNOTSUPP);
    };
  }
}
