package org.usermem.linux.file;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Inode;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.event.Readiness;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.tty.SlaveDescription;
import org.usermem.linux.tty.TerminalFiles;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * Reads and writes that wait where the description may wait: vfs_read and vfs_write of
 * fs/read_write.c with what files that are not always ready do inside them.
 */
public final class Transfer {
  private Transfer() {}

  /** Reads at the position; what is there is enough, but there must be something. */
  public static long read(Task task, FileDescription file, Sink sink, TransferOptions options) {
    long count = readUncounted(task, file, sink, options);
    task.parts().accounting().countRead(count);
    return count;
  }

  private static long readUncounted(
      Task task, FileDescription file, Sink sink, TransferOptions options) {
    if (file instanceof SlaveDescription slave) {
      TerminalFiles.beforeRead(task, slave);
    }
    if (!waits(file, options)) {
      return file.read(sink, options);
    }
    try {
      return file.read(sink, options);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EAGAIN) {
        throw e;
      }
    }
    return readSlow(task, file, sink, options);
  }

  private static long readSlow(
      Task task, FileDescription file, Sink sink, TransferOptions options) {
    long timeout = file instanceof SlaveDescription slave ? slave.readTimeoutNanos() : -1;
    long deadline = timeout < 0 ? Clocks.NEVER : Clocks.deadlineAfter(timeout);
    try {
      return task.blocking()
          .retry(file, Readiness.READABLE, deadline, () -> file.read(sink, options));
    } catch (LinuxException e) {
      if (e.errno() == Errno.EAGAIN && timeout >= 0) {
        return 0;
      }
      throw e;
    }
  }

  /**
   * Writes at the position. A description that waits takes all bytes before this returns, unless a
   * signal or an error comes first; then the count of those taken is returned.
   */
  public static long write(
      Task task, FileDescription file, Source source, TransferOptions options) {
    if (file instanceof SlaveDescription slave) {
      TerminalFiles.beforeWrite(task, slave);
    }
    try {
      long count =
          waits(file, options)
              ? writeAll(task, file, source, options, true)
              : file.write(source, options);
      task.parts().accounting().countWrite(count);
      return count;
    } catch (LinuxException e) {
      signalFailure(task, e.errno(), options);
      throw e;
    }
  }

  /** Writes as {@link #write}, but a broken pipe is an error and no signal (MSG_NOSIGNAL). */
  public static long writeWithoutSignal(
      Task task, FileDescription file, Source source, TransferOptions options) {
    return waits(file, options)
        ? writeAll(task, file, source, options, false)
        : file.write(source, options);
  }

  private static long writeAll(
      Task task, FileDescription file, Source source, TransferOptions options, boolean signals) {
    long total = source.numBytes();
    long done = 0;
    Source rest = source;
    while (true) {
      try {
        done += writeSome(task, file, rest, options);
      } catch (LinuxException e) {
        if (done == 0) {
          throw e;
        }
        if (signals && e.errno() == Errno.EPIPE) {
          // The signal comes though the call returns a count (pipe_write).
          signalFailure(task, Errno.EPIPE, options);
        }
        return done;
      } catch (SyscallRestart e) {
        if (done > 0) {
          return done;
        }
        throw e;
      }
      if (done >= total) {
        return done;
      }
      rest = source.dropFirst(done);
    }
  }

  private static long writeSome(
      Task task, FileDescription file, Source source, TransferOptions options) {
    try {
      return file.write(source, options);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EAGAIN) {
        throw e;
      }
    }
    return task.blocking()
        .retry(file, Readiness.WRITABLE, Clocks.NEVER, () -> file.write(source, options));
  }

  /** Reads at an offset; files that have offsets never wait. */
  static long readAt(
      Task task, FileDescription file, Sink sink, long offset, TransferOptions options) {
    long count = file.readAt(sink, offset, options);
    task.parts().accounting().countRead(count);
    return count;
  }

  /** Writes at an offset; files that have offsets never wait. */
  static long writeAt(
      Task task, FileDescription file, Source source, long offset, TransferOptions options) {
    try {
      long count = file.writeAt(source, offset, options);
      task.parts().accounting().countWrite(count);
      return count;
    } catch (LinuxException e) {
      signalFailure(task, e.errno(), options);
      throw e;
    }
  }

  private static boolean waits(FileDescription file, TransferOptions options) {
    return file.canWait()
        && !file.has(OpenFlags.NON_BLOCKING)
        && !options.has(TransferOptions.NO_WAIT);
  }

  /** Sends the signals that come with EPIPE and, at the task's own limit, with EFBIG. */
  static void signalFailure(Task task, Errno errno, TransferOptions options) {
    if (errno == Errno.EPIPE) {
      signalItself(task, Signals.SIGPIPE);
    } else if (errno == Errno.EFBIG && options.fileByteLimit() != Long.MAX_VALUE) {
      signalItself(task, Signals.SIGXFSZ);
    }
  }

  private static void signalItself(Task task, int signo) {
    int user = task.credentials().users().real();
    SignalInfo info = SignalInfo.user(signo, task.processId(), user);
    task.relations().queueTask(task.processId(), task.tid(), info);
  }

  /**
   * Checks a size that a file is to get against the task's limit.
   *
   * @throws LinuxException EFBIG, with SIGXFSZ, if the file would grow past it
   */
  public static void requireWithinLimit(Task task, long byteSize, Inode inode) {
    TransferOptions options = options(task);
    if (byteSize > options.fileByteLimit() && byteSize > inode.attributes().byteSize()) {
      signalFailure(task, Errno.EFBIG, options);
      throw LinuxException.of(Errno.EFBIG);
    }
  }

  /** The options of a plain call: the task's limit on the size of files. */
  public static TransferOptions options(Task task) {
    return options(task, 0);
  }

  /** The options of a call with RWF_* flags. */
  static TransferOptions options(Task task, int flags) {
    long limit = task.threadGroup().limits().current(Resource.FSIZE);
    if (limit < 0) {
      return flags == 0 ? TransferOptions.DEFAULT : new TransferOptions(flags, Long.MAX_VALUE);
    }
    return new TransferOptions(flags, limit);
  }
}
