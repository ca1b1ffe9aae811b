package org.usermem.linux.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.file.PipeCalls;
import org.usermem.linux.file.Transfer;
import org.usermem.linux.system.LinuxSystem;
import org.usermem.sequence.Source;

/**
 * Socket calls; net/socket.c. There is no network and nobody to connect to, but for pairs of
 * sockets.
 */
public final class SocketCalls {
  static final int SOCK_STREAM = 1;

  private static final int SOCK_DGRAM = 2;
  static final int SOCK_SEQPACKET = 5;
  private static final int SOCK_TYPE_MASK = 15;
  private static final int AF_UNIX = 1;
  private static final int MSG_PEEK = 2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MESSAGE_BYTE_COUNT = 56;
  private static final int SOL_SOCKET = 1;
  private static final int SO_TYPE = 3;
  private static final int SO_ERROR = 4;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int BUFFER = 65536;

  private SocketCalls() {}

  /** socket(family, type, protocol). */
  public static long socket(SyscallArguments args) {
    int family = args.asInt(0);
    throw LinuxException.of(family < 0 ? Errno.EINVAL : Errno.EAFNOSUPPORT);
  }

  /** socketpair(family, type, protocol, usockvec). */
  public static long socketpair(Task task, SyscallArguments args) {
    if (args.asInt(0) != AF_UNIX) {
      throw LinuxException.of(
          args.asInt(0) == 2 || args.asInt(0) == 10 ? Errno.EOPNOTSUPP : Errno.EAFNOSUPPORT);
    }
    int type = args.asInt(1) & SOCK_TYPE_MASK;
    int flags = args.asInt(1) & ~SOCK_TYPE_MASK;
    if ((flags & ~(OpenFlags.CLOSE_ON_EXEC | OpenFlags.NON_BLOCKING)) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET) {
      throw LinuxException.of(Errno.ESOCKTNOSUPPORT);
    }
    if (args.asInt(2) != 0 && args.asInt(2) != AF_UNIX) {
      throw LinuxException.of(Errno.EPROTONOSUPPORT);
    }
    PairDescription[] pair =
        PairDescription.create(
            LinuxSystem.of(task).vfs().anonymousFiles(),
            type,
            flags,
            task.credentials().forFiles(),
            LinuxSystem.of(task).socketMessages());
    return PipeCalls.installPair(task, pair[0], pair[1], flags, args.asLong(3));
  }

  /** An operation on a socket. */
  @FunctionalInterface
  private interface Operation {
    long on(PairDescription socket);
  }

  private static long with(Task task, int fd, Operation operation) {
    FileDescription file = task.files().get(fd);
    try {
      if (file instanceof PairDescription socket) {
        return operation.on(socket);
      }
      throw LinuxException.of(Errno.ENOTSOCK);
    } finally {
      file.decRef();
    }
  }

  /** connect, bind, listen, accept and the like: a pair is connected already. */
  public static long connected(Task task, SyscallArguments args, Errno errno) {
    return with(
        task,
        args.asInt(0),
        socket -> {
          throw LinuxException.of(errno);
        });
  }

  /** sendto(fd, buff, len, flags, addr, addr_len). */
  public static long sendto(Task task, SyscallArguments args) {
    return with(
        task,
        args.asInt(0),
        socket ->
            send(task, socket, task.singleSource(args.asLong(1), args.asLong(2)), args.asInt(3)));
  }

  private static long send(Task task, PairDescription socket, Source source, int flags) {
    TransferOptions options = options(flags);
    if ((flags & MSG_NOSIGNAL) != 0) {
      return Transfer.writeWithoutSignal(task, socket, source, options);
    }
    return Transfer.write(task, socket, source, options);
  }

  private static TransferOptions options(int flags) {
    return (flags & MSG_DONTWAIT) != 0
        ? new TransferOptions(TransferOptions.NO_WAIT, Long.MAX_VALUE)
        : TransferOptions.DEFAULT;
  }

  /** What cannot be left in the socket is not taken from it either. */
  private static TransferOptions receiveOptions(int flags) {
    if ((flags & MSG_PEEK) != 0) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    }
    return options(flags);
  }

  /** recvfrom(fd, ubuf, size, flags, addr, addr_len). */
  public static long recvfrom(Task task, SyscallArguments args) {
    return with(
        task,
        args.asInt(0),
        socket -> {
          long count =
              Transfer.read(
                  task,
                  socket,
                  task.singleSink(args.asLong(1), args.asLong(2)),
                  receiveOptions(args.asInt(3)));
          if (args.asLong(4) != 0 && args.asLong(5) != 0) {
            task.copyOutInt(args.asLong(5), 0);
          }
          return count;
        });
  }

  /** sendmsg(fd, msg, flags); ancillary data is not carried. */
  public static long sendmsg(Task task, SyscallArguments args) {
    return with(
        task,
        args.asInt(0),
        socket -> {
          MemorySegment message = task.scratch(MESSAGE_BYTE_COUNT);
          task.copyInFully(args.asLong(1), message);
          long vector = message.get(JAVA_LONG_UNALIGNED, 16);
          long count = message.get(JAVA_LONG_UNALIGNED, 24);
          if (message.get(JAVA_LONG_UNALIGNED, 40) != 0) {
            throw LinuxException.of(Errno.EOPNOTSUPP);
          }
          return send(task, socket, task.iovecsSource(vector, count), args.asInt(2));
        });
  }

  /** recvmsg(fd, msg, flags). */
  public static long recvmsg(Task task, SyscallArguments args) {
    return with(
        task,
        args.asInt(0),
        socket -> {
          MemorySegment message = task.scratch(MESSAGE_BYTE_COUNT);
          task.copyInFully(args.asLong(1), message);
          long vector = message.get(JAVA_LONG_UNALIGNED, 16);
          long count = message.get(JAVA_LONG_UNALIGNED, 24);
          long moved =
              Transfer.read(
                  task, socket, task.iovecsSink(vector, count), receiveOptions(args.asInt(2)));
          task.copyOutInt(args.asLong(1) + 8, 0);
          task.copyOutLong(args.asLong(1) + 40, 0);
          task.copyOutInt(args.asLong(1) + 48, 0);
          return moved;
        });
  }

  /** shutdown(fd, how). */
  public static long shutdown(Task task, SyscallArguments args) {
    int how = args.asInt(1);
    if (how < 0 || how > 2) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return with(
        task,
        args.asInt(0),
        socket -> {
          socket.shutDown(how != 1, how != 0);
          return 0;
        });
  }

  /** getsockname(fd, usockaddr, usockaddr_len) and getpeername: an address without a name. */
  public static long name(Task task, SyscallArguments args) {
    return with(
        task,
        args.asInt(0),
        socket -> {
          int room = task.copyInInt(args.asLong(2));
          if (room < 0) {
            throw LinuxException.of(Errno.EINVAL);
          }
          MemorySegment family = MemorySegment.ofArray(new byte[] {AF_UNIX, 0});
          task.copyOutFully(args.asLong(1), family.asSlice(0, Math.min(room, 2)));
          task.copyOutInt(args.asLong(2), 2);
          return 0;
        });
  }

  /** setsockopt(fd, level, optname, optval, optlen): accepted and without effect. */
  public static long setsockopt(Task task, SyscallArguments args) {
    return with(task, args.asInt(0), socket -> 0);
  }

  /** getsockopt(fd, level, optname, optval, optlen). */
  public static long getsockopt(Task task, SyscallArguments args) {
    return with(
        task,
        args.asInt(0),
        socket -> {
          if (args.asInt(1) != SOL_SOCKET) {
            throw LinuxException.of(Errno.EOPNOTSUPP);
          }
          int value =
              switch (args.asInt(2)) {
                case SO_TYPE -> socket.type();
                case SO_SNDBUF, SO_RCVBUF ->
                    socket.type() == SOCK_STREAM ? BUFFER : MessageLane.BUFFER;
                case SO_ERROR -> 0;
                default -> 0;
              };
          MemorySegment bytes = MemorySegment.ofArray(new byte[4]);
          bytes.set(JAVA_INT_UNALIGNED, 0, value);
          int room = Math.clamp(task.copyInInt(args.asLong(4)), 0, 4);
          task.copyOutFully(args.asLong(3), bytes.asSlice(0, room));
          task.copyOutInt(args.asLong(4), room);
          return 0;
        });
  }
}
