package org.usermem.linux.file;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.pipe.PipeDescription;
import org.usermem.fs.pipe.Splice;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** splice(2), tee(2), vmsplice(2); fs/splice.c. */
public final class SpliceCalls {
  private static final int SPLICE_F_NONBLOCK = 2;
  private static final int KNOWN_FLAGS = 15;
  private static final long LONGEST = 0x7fff_f000L;

  private SpliceCalls() {}

  /** splice(fd_in, off_in, fd_out, off_out, len, flags). */
  public static long splice(Task task, SyscallArguments args) {
    int flags = args.asInt(5);
    requireFlags(flags);
    FileDescription in = task.files().get(args.asInt(0));
    try {
      FileDescription out = task.files().get(args.asInt(2));
      try {
        return splice(task, in, args.asLong(1), out, args.asLong(3), args.asLong(4), flags);
      } finally {
        out.decRef();
      }
    } finally {
      in.decRef();
    }
  }

  private static long splice(
      Task task,
      FileDescription in,
      long inAddress,
      FileDescription out,
      long outAddress,
      long length,
      int flags) {
    requireModes(in, out);
    boolean fromPipe = in instanceof PipeDescription;
    boolean toPipe = out instanceof PipeDescription;
    if (!fromPipe && !toPipe) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long inOffset = offset(task, in, inAddress);
    long outOffset = offset(task, out, outAddress);
    if (!toPipe && out.has(OpenFlags.APPEND)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (length == 0) {
      return 0;
    }
    long count = Long.compareUnsigned(length, LONGEST) > 0 ? LONGEST : length;
    requireWithin(inOffset, count);
    requireWithin(outOffset, count);
    LongSupplier step;
    if (in instanceof PipeDescription source) {
      step =
          out instanceof PipeDescription target
              ? () -> Splice.betweenPipes(source, target, count)
              : () -> Splice.toFile(source, out, outOffset, count, Transfer.options(task));
    } else {
      step = () -> Splice.fromFile(in, inOffset, (PipeDescription) out, count);
    }
    long moved = moving(task, in, out, flags, step);
    storeOffset(task, inAddress, inOffset, moved);
    storeOffset(task, outAddress, outOffset, moved);
    return moved;
  }

  /** tee(fd_in, fd_out, len, flags). */
  public static long tee(Task task, SyscallArguments args) {
    int flags = args.asInt(3);
    requireFlags(flags);
    long length = args.asLong(2);
    FileDescription in = task.files().get(args.asInt(0));
    try {
      FileDescription out = task.files().get(args.asInt(1));
      try {
        requireModes(in, out);
        if (in instanceof PipeDescription source && out instanceof PipeDescription target) {
          long count = Long.compareUnsigned(length, LONGEST) > 0 ? LONGEST : length;
          return moving(task, in, out, flags, () -> Splice.tee(source, target, count));
        }
        throw LinuxException.of(Errno.EINVAL);
      } finally {
        out.decRef();
      }
    } finally {
      in.decRef();
    }
  }

  /** vmsplice(fd, iov, nr_segs, flags). */
  public static long vmsplice(Task task, SyscallArguments args) {
    int flags = args.asInt(3);
    requireFlags(flags);
    FileDescription file = task.files().get(args.asInt(0));
    try {
      if (!(file instanceof PipeDescription)) {
        throw LinuxException.of(Errno.EBADF);
      }
      if (file.isWritable()) {
        Source source = task.iovecsSource(args.asLong(1), args.asLong(2));
        return moving(task, file, file, flags, () -> file.write(source));
      }
      Sink sink = task.iovecsSink(args.asLong(1), args.asLong(2));
      return moving(task, file, file, flags, () -> file.read(sink));
    } finally {
      file.decRef();
    }
  }

  private static void requireFlags(int flags) {
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static void requireModes(FileDescription in, FileDescription out) {
    if (!in.isReadable() || !out.isWritable()) {
      throw LinuxException.of(Errno.EBADF);
    }
  }

  /** Reads an offset that a program points to; a null pointer means the position. */
  private static long offset(Task task, FileDescription file, long address) {
    if (address == 0) {
      return Splice.AT_POSITION;
    }
    if (file instanceof PipeDescription) {
      throw LinuxException.of(Errno.ESPIPE);
    }
    long offset = task.copyInLong(address);
    if (offset < 0 || !file.hasPositions()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return offset;
  }

  /** Refuses a range that ends beyond the greatest position ({@code rw_verify_area}). */
  private static void requireWithin(long offset, long count) {
    if (offset != Splice.AT_POSITION && offset + count < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private static void storeOffset(Task task, long address, long offset, long moved) {
    if (address != 0) {
      MemorySegment value = task.scratch(Long.BYTES);
      value.set(JAVA_LONG_UNALIGNED, 0, offset + moved);
      task.copyOutFully(address, value);
    }
  }

  /** Does a step as soon as both sides are ready for it. */
  static long moving(
      Task task, FileDescription in, FileDescription out, int flags, LongSupplier step) {
    boolean waits =
        (flags & SPLICE_F_NONBLOCK) == 0
            && !in.has(OpenFlags.NON_BLOCKING)
            && !out.has(OpenFlags.NON_BLOCKING);
    while (true) {
      try {
        return step.getAsLong();
      } catch (LinuxException e) {
        if (e.errno() != Errno.EAGAIN || !waits) {
          Transfer.signalFailure(task, e.errno(), Transfer.options(task));
          throw e;
        }
      }
      boolean full = out.canWait() && out.isWritable() && !isReady(out, Readiness.WRITABLE);
      FileDescription awaited = full ? out : in;
      int events = full ? Readiness.WRITABLE : Readiness.READABLE;
      task.blocking()
          .retry(
              awaited,
              events,
              Clocks.NEVER,
              () -> {
                if (!isReady(awaited, events)) {
                  throw LinuxException.of(Errno.EAGAIN);
                }
                return 0;
              });
    }
  }

  private static boolean isReady(FileDescription file, int events) {
    return file.readiness(events) != 0;
  }
}
