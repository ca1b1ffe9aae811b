package org.usermem.linux.socket;

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
import org.usermem.fs.pipe.PipeDescription;
import org.usermem.fs.pipe.Pipes;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** One of a pair of connected sockets (socketpair(2)): a pipe in each direction. */
public final class PairDescription extends FileDescription {
  private final WaitQueue queue = new WaitQueue();
  private final PipeDescription incoming;
  private final PipeDescription outgoing;
  private final Waiter incomingWaiter = Waiter.of(~0, () -> queue.notify(~0));
  private final Waiter outgoingWaiter = Waiter.of(~0, () -> queue.notify(~0));
  private final int type;
  private volatile boolean readShut;
  private volatile boolean writeShut;

  private PairDescription(
      OpenRequest request, PipeDescription incoming, PipeDescription outgoing, int type) {
    super(request);
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.type = type;
    incoming.register(incomingWaiter);
    outgoing.register(outgoingWaiter);
  }

  /**
   * Makes a pair.
   *
   * @param type SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET; boundaries of messages are kept by
   *     packet mode
   */
  static PairDescription[] create(
      AnonymousFiles files, int type, int flags, Credentials credentials) {
    int pipeFlags = type == SocketCalls.SOCK_STREAM ? 0 : OpenFlags.DIRECT;
    Pipes.Ends first = Pipes.create(files, pipeFlags, credentials);
    Pipes.Ends second = Pipes.create(files, pipeFlags, credentials);
    return new PairDescription[] {
      new PairDescription(
          request(files, flags, credentials), first.reader(), second.writer(), type),
      new PairDescription(request(files, flags, credentials), second.reader(), first.writer(), type)
    };
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
      outgoing.unregister(outgoingWaiter);
      outgoing.decRef();
    }
    queue.notify(~0);
  }

  @Override
  protected void onRelease() {
    incoming.unregister(incomingWaiter);
    incoming.decRef();
    if (!writeShut) {
      outgoing.unregister(outgoingWaiter);
      outgoing.decRef();
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
    int ready = readShut ? Readiness.READABLE : incoming.readiness(Readiness.READABLE);
    boolean peerGone = (ready & Readiness.HANG_UP) != 0;
    if (peerGone) {
      ready |= Readiness.READABLE | Readiness.READ_HANG_UP;
    }
    int writable = writeShut ? Readiness.WRITABLE : outgoing.readiness(Readiness.WRITABLE);
    ready |= writable & Readiness.WRITABLE;
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
