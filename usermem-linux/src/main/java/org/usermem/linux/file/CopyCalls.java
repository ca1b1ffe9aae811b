package org.usermem.linux.file;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.RegularFile;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** sendfile(2) and copy_file_range(2): from file to file without the program in between. */
public final class CopyCalls {
  private static final int BUFFER_BYTE_COUNT = 64 << 10;
  private static final long LONGEST = 0x7fff_f000L;

  /** Writes a part of what was read; returns how much went in. */
  @FunctionalInterface
  private interface Writer {
    long write(Source part, long done);
  }

  private CopyCalls() {}

  /** sendfile(out_fd, in_fd, offset, count). */
  public static long sendfile(Task task, SyscallArguments args) {
    FileDescription in = task.files().get(args.asInt(1));
    try {
      FileDescription out = task.files().get(args.asInt(0));
      try {
        return sendfile(task, in, out, args.asLong(2), args.asLong(3));
      } finally {
        out.decRef();
      }
    } finally {
      in.decRef();
    }
  }

  private static long sendfile(
      Task task, FileDescription in, FileDescription out, long address, long length) {
    requireModes(in, out);
    if (!in.hasPositions() || in.inode() instanceof Directory) {
      throw LinuxException.of(address != 0 && !in.hasPositions() ? Errno.ESPIPE : Errno.EINVAL);
    }
    if (out.has(OpenFlags.APPEND)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long start = address == 0 ? in.position() : offset(task, address);
    // rw_verify_area refuses what can't be a count, and what would end beyond the largest offset.
    if (length < 0 || start + length < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long wanted = limited(length);
    long moved =
        copy(
            in,
            start,
            wanted,
            (part, done) -> Transfer.write(task, out, part, Transfer.options(task)));
    if (address == 0) {
      in.seek(start + moved, Whence.SET);
    } else {
      storeOffset(task, address, start + moved);
    }
    return moved;
  }

  /** copy_file_range(fd_in, off_in, fd_out, off_out, len, flags). */
  public static long copyFileRange(Task task, SyscallArguments args) {
    FileDescription in = task.files().get(args.asInt(0));
    try {
      FileDescription out = task.files().get(args.asInt(2));
      try {
        if (args.asInt(5) != 0) {
          throw LinuxException.of(Errno.EINVAL);
        }
        return copyFileRange(task, in, args.asLong(1), out, args.asLong(3), args.asLong(4));
      } finally {
        out.decRef();
      }
    } finally {
      in.decRef();
    }
  }

  private static long copyFileRange(
      Task task,
      FileDescription in,
      long inAddress,
      FileDescription out,
      long outAddress,
      long length) {
    if (in.inode() instanceof Directory || out.inode() instanceof Directory) {
      throw LinuxException.of(Errno.EISDIR);
    }
    if (!(in.inode() instanceof RegularFile) || !(out.inode() instanceof RegularFile)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    requireModes(in, out);
    if (out.has(OpenFlags.APPEND)) {
      throw LinuxException.of(Errno.EBADF);
    }
    long from = inAddress == 0 ? in.position() : offset(task, inAddress);
    long to = outAddress == 0 ? out.position() : offset(task, outAddress);
    if (from + length < 0 || to + length < 0) {
      throw LinuxException.of(Errno.EOVERFLOW);
    }
    long wanted = limited(length);
    requireApart(in, from, out, to, wanted);
    TransferOptions options = Transfer.options(task);
    long moved =
        copy(
            in,
            from,
            wanted,
            (part, done) -> Transfer.writeAt(task, out, part, to + done, options));
    store(task, in, inAddress, from + moved);
    store(task, out, outAddress, to + moved);
    return moved;
  }

  @SuppressWarnings("ReferenceEquality") // inodes are themselves
  private static void requireApart(
      FileDescription in, long from, FileDescription out, long to, long length) {
    if (in.inode() == out.inode() && from < to + length && to < from + length) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static void store(Task task, FileDescription file, long address, long position) {
    if (address == 0) {
      file.seek(position, Whence.SET);
    } else {
      storeOffset(task, address, position);
    }
  }

  private static void requireModes(FileDescription in, FileDescription out) {
    if (!in.isReadable() || !out.isWritable()) {
      throw LinuxException.of(Errno.EBADF);
    }
  }

  private static long limited(long length) {
    return Long.compareUnsigned(length, LONGEST) > 0 ? LONGEST : length;
  }

  private static long offset(Task task, long address) {
    long offset = task.copyInLong(address);
    if (offset < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return offset;
  }

  private static void storeOffset(Task task, long address, long offset) {
    MemorySegment value = task.scratch(Long.BYTES);
    value.set(JAVA_LONG_UNALIGNED, 0, offset);
    task.copyOutFully(address, value);
  }

  // Bytes count as moved when they were written: what was read and did not fit is read again.
  private static long copy(FileDescription in, long start, long wanted, Writer writer) {
    byte[] bytes = new byte[(int) Math.min(BUFFER_BYTE_COUNT, wanted)];
    MemorySegment buffer = MemorySegment.ofArray(bytes);
    long done = 0;
    while (done < wanted) {
      try {
        MemorySegment part = buffer.asSlice(0, Math.min(bytes.length, wanted - done));
        long read = in.readAt(Sink.of(part), start + done, TransferOptions.DEFAULT);
        if (read == 0) {
          break;
        }
        long written = writer.write(Source.of(part.asSlice(0, read)), done);
        done += written;
        if (written < read) {
          break;
        }
      } catch (LinuxException | SyscallRestart e) {
        if (done > 0) {
          return done;
        }
        throw e;
      }
    }
    return done;
  }
}
