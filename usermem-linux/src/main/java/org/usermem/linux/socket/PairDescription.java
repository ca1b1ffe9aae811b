package org.usermem.linux.socket;

import java.util.concurrent.atomic.AtomicLong;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.fs.pipe.Pipes;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** One of a pair of connected sockets (socketpair(2)): a lane in each direction. */
public final class PairDescription extends FileDescription {
  private final WaitQueue queue = new WaitQueue();
  private final Lane incoming;
  private final Lane outgoing;
  private final Waiter incomingWaiter = Waiter.of(~0, () -> queue.notify(~0));
  private final Waiter outgoingWaiter = Waiter.of(~0, () -> queue.notify(~0));
  private final int type;
  private volatile boolean readShut;
  private volatile boolean writeShut;

  private PairDescription(OpenRequest request, Lane incoming, Lane outgoing, int type) {
    super(request);
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.type = type;
    incoming.openReader(incomingWaiter);
    outgoing.openWriter(outgoingWaiter);
  }

  /**
   * Makes a pair.
   *
   * @param type SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET
   * @param messages how many bytes of messages the system may still keep
   */
  static PairDescription[] create(
      AnonymousFiles files, int type, int flags, Credentials credentials, AtomicLong messages) {
    Lane first = lane(files, type, credentials, messages);
    Lane second = lane(files, type, credentials, messages);
    return new PairDescription[] {
      new PairDescription(request(files, flags, credentials), first, second, type),
      new PairDescription(request(files, flags, credentials), second, first, type)
    };
  }

  private static Lane lane(
      AnonymousFiles files, int type, Credentials credentials, AtomicLong messages) {
    return type == SocketCalls.SOCK_STREAM
        ? new ByteLane(Pipes.create(files, 0, credentials))
        : new MessageLane(messages, type == SocketCalls.SOCK_SEQPACKET);
  }

  private static OpenRequest request(AnonymousFiles files, int flags, Credentials credentials) {
    long number = files.newInodeNumber();
    AnonymousInode inode =
        new AnonymousInode(
            files.fileSystem(),
            number,
            FileType.SOCKET.modeBits() | 0777,
            credentials.userId(),
            credentials.groupId());
    return new OpenRequest(
        files.place(inode, "socket:[" + number + "]"),
        OpenFlags.READ_WRITE | (flags & OpenFlags.NON_BLOCKING),
        credentials);
  }

  int type() {
    return type;
  }

  /** shutdown(2). */
  void shutDown(boolean reading, boolean writing) {
    if (reading) {
      readShut = true;
    }
    if (writing && !writeShut) {
      writeShut = true;
      outgoing.closeWriter(outgoingWaiter);
    }
    queue.notify(~0);
  }

  @Override
  protected void onRelease() {
    incoming.closeReader(incomingWaiter);
    if (!writeShut) {
      outgoing.closeWriter(outgoingWaiter);
    }
  }

  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    return readShut ? 0 : incoming.read(dst, options);
  }

  @Override
  protected long onWrite(Source src, TransferOptions options) {
    if (writeShut) {
      throw LinuxException.of(Errno.EPIPE);
    }
    return outgoing.write(src, options);
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public boolean signalsOwner() {
    return true;
  }

  @Override
  public int readiness(int interest) {
    int ready = readShut ? Readiness.READABLE : incoming.readable();
    boolean peerGone = (ready & Readiness.HANG_UP) != 0;
    if (peerGone) {
      ready |= Readiness.READABLE | Readiness.READ_HANG_UP;
    }
    int writable = writeShut ? Readiness.WRITABLE : outgoing.writable();
    ready |= writable;
    return ready & (interest | Readiness.HANG_UP);
  }

  @Override
  public void register(Waiter waiter) {
    queue.register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    queue.unregister(waiter);
  }
}
