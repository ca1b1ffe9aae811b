package org.usermem.fs.eventfd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A counter that wakes whoever waits for it, as eventfd(2). */
public final class EventDescription extends FileDescription {

  private static final ValueLayout.OfLong COUNT = ValueLayout.JAVA_LONG_UNALIGNED;

  /** The largest unsigned number, which only the sentry's own signals reach: POLLERR. */
  private static final long OVERFLOW = -1L;

  /** The largest value that programs can make it. */
  private static final long LARGEST = OVERFLOW - 1;

  private final WaitQueue queue = new WaitQueue();
  private final boolean semaphore;
  private final AtomicLong counter;

  private EventDescription(OpenRequest request, int initial, boolean semaphore) {
    super(request);
    this.counter = new AtomicLong(initial & 0xFFFF_FFFFL);
    this.semaphore = semaphore;
  }

  /**
   * Makes a counter.
   *
   * @param files where its inode lives
   * @param initial the first value, unsigned
   * @param semaphore whether reading takes one instead of all (EFD_SEMAPHORE)
   * @param flags O_NONBLOCK of {@link OpenFlags}
   * @param credentials who makes it
   * @return a description with one reference, which is the caller's
   */
  public static EventDescription create(
      AnonymousFiles files, int initial, boolean semaphore, int flags, Credentials credentials) {
    AnonymousInode inode =
        new AnonymousInode(
            files.fileSystem(),
            files.newInodeNumber(),
            0600,
            credentials.userId(),
            credentials.groupId());
    return new EventDescription(
        new OpenRequest(
            files.place(inode, "anon_inode:[eventfd]"),
            OpenFlags.READ_WRITE | (flags & OpenFlags.NON_BLOCKING),
            credentials),
        initial,
        semaphore);
  }

  /**
   * Adds to the counter from inside the sentry, as {@code eventfd_signal} of Linux: it stops at the
   * largest unsigned number, which is an error to those who wait.
   *
   * @param by what is added, unsigned
   */
  public void signal(long by) {
    counter.updateAndGet(old -> Long.compareUnsigned(OVERFLOW - old, by) < 0 ? OVERFLOW : old + by);
    queue.notify(Readiness.READABLE | Readiness.ERROR);
  }

  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    if (dst.numBytes() < Long.BYTES) {
      throw LinuxException.of(Errno.EINVAL);
    }
    requireCount();
    BlockReader reader = this::take;
    long byteCount = dst.takeFirst(Long.BYTES).copyOutFrom(reader);
    queue.notify(Readiness.WRITABLE);
    return byteCount;
  }

  private void requireCount() {
    if (counter.get() == 0) {
      throw LinuxException.of(Errno.EAGAIN);
    }
  }

  private long take(BlockSeq dst) {
    // The memory ends within the eight bytes: nothing is taken.
    if (dst.numBytes() < Long.BYTES) {
      throw LinuxException.of(Errno.EFAULT);
    }
    requireCount();
    long before = counter.getAndUpdate(old -> semaphore && old != 0 ? old - 1 : 0);
    if (before == 0) {
      throw LinuxException.of(Errno.EAGAIN);
    }
    MemorySegment value = MemorySegment.ofArray(new byte[Long.BYTES]);
    value.set(COUNT, 0, semaphore ? 1 : before);
    return dst.copyFrom(value);
  }

  @Override
  protected long onWrite(Source src, TransferOptions options) {
    if (src.numBytes() < Long.BYTES) {
      throw LinuxException.of(Errno.EINVAL);
    }
    BlockWriter writer = this::add;
    long byteCount = src.takeFirst(Long.BYTES).copyInTo(writer);
    queue.notify(Readiness.READABLE);
    return byteCount;
  }

  private long add(BlockSeq src) {
    if (src.numBytes() < Long.BYTES) {
      throw LinuxException.of(Errno.EFAULT);
    }
    MemorySegment value = MemorySegment.ofArray(new byte[Long.BYTES]);
    src.copyTo(value);
    long by = value.get(COUNT, 0);
    if (by == -1) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long old;
    do {
      old = counter.get();
      if (Long.compareUnsigned(OVERFLOW - old, by) <= 0) {
        throw LinuxException.of(Errno.EAGAIN);
      }
    } while (!counter.compareAndSet(old, old + by));
    return Long.BYTES;
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public int readiness(int interest) {
    long value = counter.get();
    int ready = value == 0 ? 0 : Readiness.READABLE;
    if (value == OVERFLOW) {
      ready |= Readiness.ERROR;
    }
    if (Long.compareUnsigned(value, LARGEST) < 0) {
      ready |= Readiness.WRITABLE;
    }
    return ready & interest;
  }

  @Override
  public void register(Waiter waiter) {
    queue.register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    queue.unregister(waiter);
  }

  @Override
  public String details() {
    return String.format("eventfd-count: %16x%n", counter.get());
  }
}
