package org.usermem.linux.poll;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.event.Readiness;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.file.DescriptorCalls;
import org.usermem.linux.signal.TemporaryMask;
import org.usermem.linux.system.LinuxSystem;

/** epoll_create(2), epoll_ctl(2), epoll_wait(2) and their forms. */
public final class EpollCalls {
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;

  private static final int EVENT_BYTE_COUNT = 12;
  private static final int MAXIMUM_EVENTS = Integer.MAX_VALUE / EVENT_BYTE_COUNT;
  private static final int EVENTS_AT_ONCE = 1024;

  /** The bits that may go with EPOLLEXCLUSIVE. */
  private static final int EXCLUSIVE_BITS =
      Readiness.IN
          | Readiness.OUT
          | Readiness.ALWAYS
          | EpollItem.WAKE_UP
          | EpollItem.EDGE_TRIGGERED
          | EpollItem.EXCLUSIVE;

  private EpollCalls() {}

  /** epoll_create(size). */
  public static long create(Task task, SyscallArguments args) {
    if (args.asInt(0) <= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return create(task, 0);
  }

  /** epoll_create1(flags). */
  public static long create1(Task task, SyscallArguments args) {
    int flags = args.asInt(0);
    if ((flags & ~OpenFlags.CLOSE_ON_EXEC) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return create(task, flags);
  }

  private static long create(Task task, int flags) {
    EpollDescription epoll =
        EpollDescription.create(
            LinuxSystem.of(task).vfs().anonymousFiles(),
            task.credentials().forFiles(),
            LinuxSystem.of(task).watches());
    return DescriptorCalls.install(task, epoll, flags);
  }

  /** epoll_ctl(epfd, op, fd, event). */
  @SuppressWarnings("ReferenceEquality") // a description is itself and no other
  public static long ctl(Task task, SyscallArguments args) {
    int operation = args.asInt(1);
    int events = 0;
    long data = 0;
    if (operation != EPOLL_CTL_DEL) {
      MemorySegment event = task.scratch(EVENT_BYTE_COUNT);
      task.copyInFully(args.asLong(3), event);
      events = event.get(JAVA_INT_UNALIGNED, 0);
      data = event.get(JAVA_LONG_UNALIGNED, 4);
    }
    FileDescription outer = task.files().get(args.asInt(0));
    try {
      int fd = args.asInt(2);
      FileDescription file = task.files().get(fd);
      try {
        if (!file.canWait()) {
          throw LinuxException.of(file.isPath() ? Errno.EBADF : Errno.EPERM);
        }
        if (file == outer || !(outer instanceof EpollDescription epoll)) {
          throw LinuxException.of(Errno.EINVAL);
        }
        requireExclusive(operation, events, file);
        switch (operation) {
          case EPOLL_CTL_ADD -> epoll.add(fd, file, events | Readiness.ALWAYS, data);
          case EPOLL_CTL_MOD -> epoll.modify(fd, file, events | Readiness.ALWAYS, data);
          case EPOLL_CTL_DEL -> epoll.remove(fd, file);
          default -> throw LinuxException.of(Errno.EINVAL);
        }
        return 0;
      } finally {
        file.decRef();
      }
    } finally {
      outer.decRef();
    }
  }

  private static void requireExclusive(int operation, int events, FileDescription file) {
    if (operation == EPOLL_CTL_DEL || (events & EpollItem.EXCLUSIVE) == 0) {
      return;
    }
    if (operation == EPOLL_CTL_MOD
        || file instanceof EpollDescription
        || (events & ~EXCLUSIVE_BITS) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  /** epoll_wait(epfd, events, maxevents, timeout). */
  public static long wait(Task task, SyscallArguments args) {
    return wait(task, args, deadline(args.asInt(3)));
  }

  /** epoll_pwait(epfd, events, maxevents, timeout, sigmask, sigsetsize). */
  public static long pwait(Task task, SyscallArguments args) {
    return pwait(task, args, deadline(args.asInt(3)));
  }

  /** epoll_pwait2(epfd, events, maxevents, timeout, sigmask, sigsetsize). */
  public static long pwait2(Task task, SyscallArguments args) {
    return pwait(task, args, Timeout.copyIn(task, args.asLong(3)).deadline());
  }

  private static long pwait(Task task, SyscallArguments args, long deadline) {
    TemporaryMask.begin(task, args.asLong(4), args.asLong(5));
    boolean interrupted = false;
    try {
      return wait(task, args, deadline);
    } catch (LinuxException e) {
      interrupted = e.errno() == Errno.EINTR;
      throw e;
    } finally {
      TemporaryMask.end(task, interrupted);
    }
  }

  private static long deadline(int milliseconds) {
    if (milliseconds < 0) {
      return Clocks.NEVER;
    }
    return milliseconds == 0
        ? PollSet.DO_NOT_WAIT
        : Clocks.deadlineAfter(milliseconds * 1_000_000L);
  }

  private static long wait(Task task, SyscallArguments args, long deadline) {
    int maximum = args.asInt(2);
    if (maximum <= 0 || maximum > MAXIMUM_EVENTS) {
      throw LinuxException.of(Errno.EINVAL);
    }
    FileDescription file = task.files().get(args.asInt(0));
    try {
      if (!(file instanceof EpollDescription epoll)) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return wait(task, epoll, args.asLong(1), Math.min(maximum, EVENTS_AT_ONCE), deadline);
    } finally {
      file.decRef();
    }
  }

  private static long wait(
      Task task, EpollDescription epoll, long address, int maximum, long deadline) {
    List<EpollDescription.Event> events = epoll.take(maximum);
    if (events.isEmpty() && deadline != PollSet.DO_NOT_WAIT) {
      events = waitSlow(task, epoll, maximum, deadline);
    }
    if (events.isEmpty()) {
      return 0;
    }
    MemorySegment array = task.scratch((long) events.size() * EVENT_BYTE_COUNT);
    long at = 0;
    for (EpollDescription.Event each : events) {
      array.set(JAVA_INT_UNALIGNED, at, each.events());
      array.set(JAVA_LONG_UNALIGNED, at + 4, each.data());
      at += EVENT_BYTE_COUNT;
    }
    int told = 0;
    try {
      told = (int) (task.copyOut(address, array) / EVENT_BYTE_COUNT);
    } finally {
      epoll.putBack(events.subList(told, events.size()));
    }
    if (told == 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return told;
  }

  private static List<EpollDescription.Event> waitSlow(
      Task task, EpollDescription epoll, int maximum, long deadline) {
    List<List<EpollDescription.Event>> found = new ArrayList<>(1);
    try {
      task.blocking()
          .retry(
              epoll,
              Readiness.READABLE,
              deadline,
              () -> {
                List<EpollDescription.Event> events = epoll.take(maximum);
                if (events.isEmpty()) {
                  throw LinuxException.of(Errno.EAGAIN);
                }
                found.add(events);
                return 0;
              });
    } catch (LinuxException e) {
      if (e.errno() != Errno.EAGAIN) {
        throw e;
      }
      return List.of();
    } catch (SyscallRestart e) {
      // epoll_wait never starts over by itself.
      throw LinuxException.of(Errno.EINTR);
    }
    return found.getFirst();
  }
}
