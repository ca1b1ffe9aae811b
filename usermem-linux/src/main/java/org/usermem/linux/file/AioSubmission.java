package org.usermem.linux.file;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.eventfd.EventDescription;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.mm.aio.AioContext;
import org.usermem.mm.aio.AioEvent;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * The work of io_submit(2): {@code io_submit_one} of fs/aio.c. What can't be begun fails the call;
 * what fails once it has begun is told by the event. Requests but polls are done before the call
 * returns, as Linux does them on files that are read and written through the page cache.
 */
final class AioSubmission {
  private final Task task;
  private final AioContext context;

  AioSubmission(Task task, AioContext context) {
    this.task = task;
    this.context = context;
  }

  /**
   * Does one request.
   *
   * @param address of its {@code struct iocb}
   * @throws LinuxException EFAULT, EINVAL, EBADF, EAGAIN if the context is full
   */
  void submit(long address) {
    MemorySegment iocb = task.scratch(AioRequest.BYTE_COUNT);
    task.copyInFully(address, iocb);
    AioRequest request = AioRequest.decode(iocb);
    context.reserve();
    boolean completes = false;
    @Nullable EventDescription signalled = null;
    try {
      FileDescription file = task.files().get(request.fd());
      try {
        signalled = request.signals() ? eventFd(request.eventFd()) : null;
        task.copyOutInt(address + AioRequest.KEY, 0);
        if (request.operation() == AioRequest.POLL) {
          AioPoll.begin(task.kernel(), context, file, request, address, signalled);
          completes = true;
          return;
        }
        long result = begin(file, request).complete();
        completes = true;
        context.complete(new AioEvent(request.data(), address, result, 0));
        if (signalled != null) {
          signalled.signal(1);
        }
      } finally {
        file.decRef();
      }
    } finally {
      if (!completes) {
        context.cancel();
      }
      if (signalled != null) {
        signalled.decRef();
      }
    }
  }

  private EventDescription eventFd(int fd) {
    FileDescription file = task.files().get(fd);
    if (file instanceof EventDescription event) {
      return event;
    }
    file.decRef();
    throw LinuxException.of(Errno.EINVAL);
  }

  /** A request that was found to be in order. */
  @FunctionalInterface
  private interface Begun {
    /** Does it; an error of its own is an exception. */
    long run();

    /** Does it; returns what the event says. */
    default long complete() {
      try {
        return run();
      } catch (LinuxException e) {
        return -e.errno().number();
      } catch (SyscallRestart e) {
        // A request does not start over (aio_rw_done).
        return -Errno.EINTR.number();
      }
    }
  }

  private Begun begin(FileDescription file, AioRequest request) {
    return switch (request.operation()) {
      case AioRequest.PREAD, AioRequest.PREADV -> read(file, request);
      case AioRequest.PWRITE, AioRequest.PWRITEV -> write(file, request);
      case AioRequest.FSYNC, AioRequest.FDSYNC -> sync(file, request);
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }

  private Begun read(FileDescription file, AioRequest request) {
    TransferOptions options = Transfer.options(task, ReadWriteCalls.flags(request.flags()));
    requireMode(file.isReadable());
    Sink sink =
        request.isVector()
            ? task.iovecsSink(request.buffer(), request.count())
            : task.singleSink(request.buffer(), request.count());
    long offset = ReadWriteCalls.position(request.offset());
    Sink checked = ReadWriteCalls.within(offset, sink);
    return () ->
        file.hasPositions()
            ? file.readAt(checked, offset, options)
            : Transfer.read(task, file, checked, options);
  }

  private Begun write(FileDescription file, AioRequest request) {
    TransferOptions options = Transfer.options(task, ReadWriteCalls.flags(request.flags()));
    requireMode(file.isWritable());
    Source source =
        request.isVector()
            ? task.iovecsSource(request.buffer(), request.count())
            : task.singleSource(request.buffer(), request.count());
    long offset = ReadWriteCalls.position(request.offset());
    Source checked = ReadWriteCalls.within(offset, source);
    return () ->
        file.hasPositions()
            ? Transfer.writeAt(task, file, checked, offset, options)
            : Transfer.write(task, file, checked, options);
  }

  private static Begun sync(FileDescription file, AioRequest request) {
    boolean isPlain =
        request.buffer() == 0
            && request.offset() == 0
            && request.count() == 0
            && request.flags() == 0;
    if (!isPlain || file.isPath()) {
      throw LinuxException.of(isPlain ? Errno.EBADF : Errno.EINVAL);
    }
    return () -> {
      file.sync(request.operation() == AioRequest.FDSYNC);
      return 0;
    };
  }

  private static void requireMode(boolean isOpenFor) {
    if (!isOpenFor) {
      throw LinuxException.of(Errno.EBADF);
    }
  }
}
