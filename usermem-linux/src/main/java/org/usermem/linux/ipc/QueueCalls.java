package org.usermem.linux.ipc;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileNames;
import org.usermem.fs.OpenFlags;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.Signals;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.file.DescriptorCalls;
import org.usermem.linux.mqueue.PosixQueues;
import org.usermem.linux.mqueue.QueueDescription;
import org.usermem.linux.mqueue.QueueMessage;
import org.usermem.linux.mqueue.QueueNotification;
import org.usermem.linux.mqueue.QueueSize;
import org.usermem.linux.namespace.IpcNamespace;
import org.usermem.linux.time.ClockCalls;

/** mq_open(2) and its relatives; ipc/mqueue.c. */
public final class QueueCalls {
  private static final int MQ_ATTR = 64;
  private static final int SIGEVENT = 64;
  private static final int SIGEV_SIGNAL = 0;
  private static final int SIGEV_NONE = 1;
  private static final int SIGEV_THREAD = 2;
  private static final long MOST_PRIORITIES = 32768;

  private QueueCalls() {}

  private static PosixQueues queues(Task task) {
    return IpcNamespace.of(task).queues();
  }

  /** mq_open(name, oflag, mode, attr). */
  public static long open(Task task, SyscallArguments args) {
    QueueSize size = null;
    if (args.asLong(3) != 0) {
      MemorySegment attributes = task.scratch(MQ_ATTR);
      task.copyInFully(args.asLong(3), attributes);
      size =
          new QueueSize(
              attributes.get(JAVA_LONG_UNALIGNED, 8), attributes.get(JAVA_LONG_UNALIGNED, 16));
    }
    int flags = args.asInt(1);
    String name = task.copyInString(args.asLong(0), FileNames.PATH_BYTE_LIMIT);
    FileDescription file = queues(task).open(task, name, flags, args.asInt(2), size);
    // A descriptor of a queue is always closed on exec.
    return DescriptorCalls.install(task, file, OpenFlags.CLOSE_ON_EXEC);
  }

  /** mq_unlink(name). */
  public static long unlink(Task task, SyscallArguments args) {
    queues(task).unlink(task, task.copyInString(args.asLong(0), FileNames.PATH_BYTE_LIMIT));
    return 0;
  }

  /** mq_timedsend(mqdes, msg_ptr, msg_len, msg_prio, abs_timeout). */
  public static long timedSend(Task task, SyscallArguments args) {
    long priority = args.asUnsignedInt(3);
    if (priority >= MOST_PRIORITIES) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long deadline = deadline(task, args.asLong(4));
    QueueDescription queue = queue(task, args.asInt(0));
    try {
      requireMode(queue.isWritable());
      long length = args.asLong(2);
      if (Long.compareUnsigned(length, queue.size().messageBytes()) > 0) {
        throw LinuxException.of(Errno.EMSGSIZE);
      }
      byte[] body = new byte[(int) length];
      task.copyInFully(args.asLong(1), MemorySegment.ofArray(body));
      queue.send(task, body, (int) priority, deadline);
      return 0;
    } finally {
      queue.decRef();
    }
  }

  /** mq_timedreceive(mqdes, msg_ptr, msg_len, msg_prio, abs_timeout). */
  public static long timedReceive(Task task, SyscallArguments args) {
    long deadline = deadline(task, args.asLong(4));
    QueueDescription queue = queue(task, args.asInt(0));
    try {
      requireMode(queue.isReadable());
      if (Long.compareUnsigned(args.asLong(2), queue.size().messageBytes()) < 0) {
        throw LinuxException.of(Errno.EMSGSIZE);
      }
      QueueMessage message = queue.receive(task, deadline);
      if (args.asLong(3) != 0) {
        task.copyOutInt(args.asLong(3), message.priority());
      }
      task.copyOutFully(args.asLong(1), MemorySegment.ofArray(message.body()));
      return message.body().length;
    } finally {
      queue.decRef();
    }
  }

  /** mq_notify(mqdes, sevp). */
  public static long notify(Task task, SyscallArguments args) {
    QueueNotification wanted = args.asLong(1) == 0 ? null : notification(task, args.asLong(1));
    QueueDescription queue = queue(task, args.asInt(0));
    try {
      if (wanted == null) {
        queue.unregister(task);
      } else {
        queue.register(wanted);
      }
      return 0;
    } finally {
      queue.decRef();
    }
  }

  private static QueueNotification notification(Task task, long address) {
    MemorySegment event = task.scratch(SIGEVENT);
    task.copyInFully(address, event);
    int signo = event.get(JAVA_INT_UNALIGNED, 8);
    switch (event.get(JAVA_INT_UNALIGNED, 12)) {
      case SIGEV_NONE -> signo = 0;
      case SIGEV_SIGNAL -> {
        // 0 is a signal that nobody gets.
        if (signo != 0 && !Signals.isValid(signo)) {
          throw LinuxException.of(Errno.EINVAL);
        }
      }
      // The C library gets its threads going by a netlink socket, of which there is none here.
      case SIGEV_THREAD -> throw LinuxException.of(Errno.EBADF);
      default -> throw LinuxException.of(Errno.EINVAL);
    }
    return new QueueNotification(task.threadGroup(), signo, event.get(JAVA_LONG_UNALIGNED, 0));
  }

  /** mq_getsetattr(mqdes, newattr, oldattr). */
  public static long getSetAttributes(Task task, SyscallArguments args) {
    long flags = 0;
    if (args.asLong(1) != 0) {
      MemorySegment wanted = task.scratch(MQ_ATTR);
      task.copyInFully(args.asLong(1), wanted);
      flags = wanted.get(JAVA_LONG_UNALIGNED, 0);
      if ((flags & ~OpenFlags.NON_BLOCKING) != 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
    }
    QueueDescription queue = queue(task, args.asInt(0));
    try {
      MemorySegment attributes = task.scratch(MQ_ATTR);
      attributes.fill((byte) 0);
      attributes.set(JAVA_LONG_UNALIGNED, 0, queue.flags() & OpenFlags.NON_BLOCKING);
      attributes.set(JAVA_LONG_UNALIGNED, 8, queue.size().messages());
      attributes.set(JAVA_LONG_UNALIGNED, 16, queue.size().messageBytes());
      attributes.set(JAVA_LONG_UNALIGNED, 24, queue.messageCount());
      if (args.asLong(1) != 0) {
        queue.setFlags((queue.flags() & ~OpenFlags.NON_BLOCKING) | (int) flags);
      }
      if (args.asLong(2) != 0) {
        task.copyOutFully(args.asLong(2), attributes);
      }
      return 0;
    } finally {
      queue.decRef();
    }
  }

  private static QueueDescription queue(Task task, int fd) {
    FileDescription file = task.files().get(fd);
    if (file instanceof QueueDescription queue) {
      return queue;
    }
    file.decRef();
    throw LinuxException.of(Errno.EBADF);
  }

  private static void requireMode(boolean isOpenFor) {
    if (!isOpenFor) {
      throw LinuxException.of(Errno.EBADF);
    }
  }

  private static long deadline(Task task, long address) {
    return address == 0 ? Clocks.NEVER : ClockCalls.copyInNanos(task, address);
  }
}
