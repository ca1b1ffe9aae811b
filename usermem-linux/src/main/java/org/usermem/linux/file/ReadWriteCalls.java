package org.usermem.linux.file;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.sequence.IOSequence;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** read(2), write(2), their vector and positional forms, and lseek(2); fs/read_write.c. */
public final class ReadWriteCalls {
  private static final int KNOWN_FLAGS =
      TransferOptions.HIGH_PRIORITY
          | TransferOptions.DATA_SYNC
          | TransferOptions.SYNC
          | TransferOptions.NO_WAIT
          | TransferOptions.APPEND
          | TransferOptions.NO_APPEND;

  private static final Whence[] WHENCES = Whence.values();

  private ReadWriteCalls() {}

  /** read(fd, buf, count). */
  public static long read(Task task, SyscallArguments args) {
    FileDescription file = readable(task.files().get(args.asInt(0)));
    try {
      Sink sink = task.singleSink(args.asLong(1), args.asLong(2));
      return Transfer.read(task, file, sink, TransferOptions.DEFAULT);
    } finally {
      file.decRef();
    }
  }

  /** write(fd, buf, count). */
  public static long write(Task task, SyscallArguments args) {
    FileDescription file = writable(task.files().get(args.asInt(0)));
    try {
      Source source = task.singleSource(args.asLong(1), args.asLong(2));
      return Transfer.write(task, file, source, Transfer.options(task));
    } finally {
      file.decRef();
    }
  }

  /** readv(fd, iov, iovcnt). */
  public static long readv(Task task, SyscallArguments args) {
    FileDescription file = readable(task.files().get(args.asInt(0)));
    try {
      Sink sink = task.iovecsSink(args.asLong(1), args.asLong(2));
      return Transfer.read(task, file, sink, TransferOptions.DEFAULT);
    } finally {
      file.decRef();
    }
  }

  /** writev(fd, iov, iovcnt). */
  public static long writev(Task task, SyscallArguments args) {
    FileDescription file = writable(task.files().get(args.asInt(0)));
    try {
      Source source = task.iovecsSource(args.asLong(1), args.asLong(2));
      return Transfer.write(task, file, source, Transfer.options(task));
    } finally {
      file.decRef();
    }
  }

  /** pread64(fd, buf, count, pos). */
  public static long pread(Task task, SyscallArguments args) {
    long offset = position(args.asLong(3));
    FileDescription file = readable(positioned(task, args.asInt(0)));
    try {
      Sink sink = within(offset, task.singleSink(args.asLong(1), args.asLong(2)));
      return Transfer.readAt(task, file, sink, offset, TransferOptions.DEFAULT);
    } finally {
      file.decRef();
    }
  }

  /** pwrite64(fd, buf, count, pos). */
  public static long pwrite(Task task, SyscallArguments args) {
    long offset = position(args.asLong(3));
    FileDescription file = writable(positioned(task, args.asInt(0)));
    try {
      Source source = within(offset, task.singleSource(args.asLong(1), args.asLong(2)));
      return Transfer.writeAt(task, file, source, offset, Transfer.options(task));
    } finally {
      file.decRef();
    }
  }

  /** preadv(fd, iov, iovcnt, pos). */
  public static long preadv(Task task, SyscallArguments args) {
    return preadvAt(task, args, position(args.asLong(3)), TransferOptions.DEFAULT);
  }

  /** pwritev(fd, iov, iovcnt, pos). */
  public static long pwritev(Task task, SyscallArguments args) {
    return pwritevAt(task, args, position(args.asLong(3)), Transfer.options(task));
  }

  /** preadv2(fd, iov, iovcnt, pos_l, pos_h, flags). */
  public static long preadv2(Task task, SyscallArguments args) {
    long offset = args.asLong(3);
    TransferOptions options = Transfer.options(task, flags(args.asInt(5)));
    if (offset != -1) {
      return preadvAt(task, args, position(offset), options);
    }
    FileDescription file = readable(task.files().get(args.asInt(0)));
    try {
      Sink sink = task.iovecsSink(args.asLong(1), args.asLong(2));
      return Transfer.read(task, file, sink, options);
    } finally {
      file.decRef();
    }
  }

  /** pwritev2(fd, iov, iovcnt, pos_l, pos_h, flags). */
  public static long pwritev2(Task task, SyscallArguments args) {
    long offset = args.asLong(3);
    TransferOptions options = Transfer.options(task, flags(args.asInt(5)));
    if (offset != -1) {
      return pwritevAt(task, args, position(offset), options);
    }
    FileDescription file = writable(task.files().get(args.asInt(0)));
    try {
      Source source = task.iovecsSource(args.asLong(1), args.asLong(2));
      return Transfer.write(task, file, source, options);
    } finally {
      file.decRef();
    }
  }

  private static long preadvAt(
      Task task, SyscallArguments args, long offset, TransferOptions options) {
    FileDescription file = readable(positioned(task, args.asInt(0)));
    try {
      Sink sink = within(offset, task.iovecsSink(args.asLong(1), args.asLong(2)));
      return Transfer.readAt(task, file, sink, offset, options);
    } finally {
      file.decRef();
    }
  }

  private static long pwritevAt(
      Task task, SyscallArguments args, long offset, TransferOptions options) {
    FileDescription file = writable(positioned(task, args.asInt(0)));
    try {
      Source source = within(offset, task.iovecsSource(args.asLong(1), args.asLong(2)));
      return Transfer.writeAt(task, file, source, offset, options);
    } finally {
      file.decRef();
    }
  }

  /** lseek(fd, offset, whence). */
  public static long lseek(Task task, SyscallArguments args) {
    FileDescription file = task.files().get(args.asInt(0));
    try {
      if (file.isPath()) {
        throw LinuxException.of(Errno.EBADF);
      }
      long whence = args.asUnsignedInt(2);
      if (whence >= WHENCES.length) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return file.seek(args.asLong(1), WHENCES[(int) whence]);
    } finally {
      file.decRef();
    }
  }

  private static FileDescription readable(FileDescription file) {
    if (!file.isReadable()) {
      file.decRef();
      throw LinuxException.of(Errno.EBADF);
    }
    return file;
  }

  private static FileDescription writable(FileDescription file) {
    if (!file.isWritable()) {
      file.decRef();
      throw LinuxException.of(Errno.EBADF);
    }
    return file;
  }

  /** A file with positions; asked before the access mode, as {@code ksys_pread64} does. */
  private static FileDescription positioned(Task task, int fd) {
    FileDescription file = task.files().get(fd);
    if (!file.isPath() && !file.hasPositions()) {
      file.decRef();
      throw LinuxException.of(Errno.ESPIPE);
    }
    return file;
  }

  static long position(long offset) {
    if (offset < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return offset;
  }

  /** Refuses a range that ends beyond the greatest position ({@code rw_verify_area}). */
  static <T extends IOSequence> T within(long offset, T range) {
    if (offset + range.numBytes() < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return range;
  }

  /** Checks RWF_* flags ({@code kiocb_set_rw_flags}). */
  static int flags(int flags) {
    int both = TransferOptions.APPEND | TransferOptions.NO_APPEND;
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    }
    if ((flags & both) == both) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return flags;
  }
}
