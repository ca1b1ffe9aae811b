package org.usermem.linux.socket;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A direction of SOCK_DGRAM or SOCK_SEQPACKET: what one write has sent, one read gets, and what it
 * has no room for is lost ({@code unix_dgram_sendmsg}, {@code unix_dgram_recvmsg}).
 */
final class MessageLane implements Lane {
  /** How many bytes wait to be read before a writer waits (net.core.wmem_default). */
  static final int BUFFER = 212_992;

  /** The longest message: the buffer less what Linux keeps with each. */
  private static final int LONGEST = BUFFER - 32;

  /** How many messages wait to be read (net.unix.max_dgram_qlen). */
  private static final int MOST = 512;

  private final AtomicLong budget;
  private final boolean ends;
  private final WaitQueue readers = new WaitQueue();
  private final WaitQueue writers = new WaitQueue();

  // Guarded by this object:
  private final ArrayDeque<byte[]> messages = new ArrayDeque<>();
  private long waiting;
  private boolean readerGone;
  private boolean writerGone;

  /**
   * Makes a direction.
   *
   * @param budget how many bytes all lanes of the system may still keep
   * @param ends whether who reads learns of the writer's end, as with SOCK_SEQPACKET; with
   *     SOCK_DGRAM he goes on waiting
   */
  MessageLane(AtomicLong budget, boolean ends) {
    this.budget = budget;
    this.ends = ends;
  }

  @Override
  public long write(Source src, TransferOptions options) {
    long length = src.numBytes();
    if (length > LONGEST) {
      throw LinuxException.of(Errno.EMSGSIZE);
    }
    synchronized (this) {
      requireRoom();
    }
    byte[] message = new byte[(int) length];
    if (src.copyIn(MemorySegment.ofArray(message), 0, length) < length) {
      throw LinuxException.of(Errno.EFAULT);
    }
    synchronized (this) {
      requireRoom();
      if (budget.addAndGet(-length) < 0) {
        budget.addAndGet(length);
        throw LinuxException.of(Errno.ENOBUFS);
      }
      messages.add(message);
      waiting += length;
    }
    readers.notify(Readiness.READABLE);
    return length;
  }

  private void requireRoom() {
    if (readerGone) {
      throw LinuxException.of(ends ? Errno.EPIPE : Errno.ECONNREFUSED);
    }
    if (!hasRoom()) {
      throw LinuxException.of(Errno.EAGAIN);
    }
  }

  private boolean hasRoom() {
    return waiting < BUFFER && messages.size() < MOST;
  }

  @Override
  public long read(Sink dst, TransferOptions options) {
    byte[] message = next();
    if (message == null) {
      return 0;
    }
    writers.notify(Readiness.WRITABLE);
    long length = Math.min(message.length, dst.numBytes());
    long moved = dst.copyOut(MemorySegment.ofArray(message), 0, length);
    if (moved < length) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return moved;
  }

  /** Takes the oldest message; null if there will be none any more. */
  private synchronized byte @Nullable [] next() {
    byte[] message = messages.poll();
    if (message == null) {
      if (writerGone) {
        return null;
      }
      throw LinuxException.of(Errno.EAGAIN);
    }
    waiting -= message.length;
    budget.addAndGet(message.length);
    return message;
  }

  @Override
  public synchronized int readable() {
    return (messages.isEmpty() ? 0 : Readiness.READABLE) | (writerGone ? Readiness.HANG_UP : 0);
  }

  @Override
  public synchronized int writable() {
    return readerGone || hasRoom() ? Readiness.WRITABLE : 0;
  }

  @Override
  public void openReader(Waiter waiter) {
    readers.register(waiter);
  }

  @Override
  public void closeReader(Waiter waiter) {
    readers.unregister(waiter);
    synchronized (this) {
      readerGone = true;
      budget.addAndGet(waiting);
      messages.clear();
      waiting = 0;
    }
    writers.notify(~0);
  }

  @Override
  public void openWriter(Waiter waiter) {
    writers.register(waiter);
  }

  @Override
  public void closeWriter(Waiter waiter) {
    writers.unregister(waiter);
    synchronized (this) {
      writerGone = ends;
    }
    readers.notify(~0);
  }
}
