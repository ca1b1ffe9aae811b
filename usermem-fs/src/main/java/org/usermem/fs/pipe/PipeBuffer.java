package org.usermem.fs.pipe;

import java.util.concurrent.locks.ReentrantLock;
import org.usermem.addr.Addr;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.memmap.MemoryFile;

/**
 * A pipe: bytes on their way, and who reads and writes them. Shared by the two ends of pipe(2), and
 * by all descriptions of one FIFO.
 *
 * <p>Rules: pipe(7), Linux's {@code fs/pipe.c}.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // Counts change under the lock alone.
final class PipeBuffer {

  static final int DEFAULT_CAPACITY = 65_536;

  /** The most that F_SETPIPE_SZ gives without a privilege (fs.pipe-max-size). */
  static final int UNPRIVILEGED_CAPACITY = 1 << 20;

  /** The most that it gives at all. */
  static final int CAPACITY_LIMIT = 1 << 26;

  final ReentrantLock lock = new ReentrantLock();
  final PipeRing ring;
  final WaitQueue queue = new WaitQueue();

  private volatile int capacity = DEFAULT_CAPACITY;

  // Changed under the lock; read without it where a late answer does no harm.
  private volatile int usedBytes;
  private volatile int usedBuffers;
  private volatile int readers;
  private volatile int writers;

  // How many have ever opened it: an open of a FIFO that waits for the other side is complete when
  // the other side's number has changed, even if it has gone again.
  private volatile int readerOpens;
  private volatile int writerOpens;

  PipeBuffer(MemoryFile memoryFile) {
    this.ring = new PipeRing(memoryFile);
  }

  void add(boolean reader, boolean writer) {
    lock.lock();
    try {
      if (reader) {
        readers++;
        readerOpens++;
      }
      if (writer) {
        writers++;
        writerOpens++;
      }
    } finally {
      lock.unlock();
    }
    queue.notify(Readiness.OPENED | Readiness.READABLE | Readiness.WRITABLE);
  }

  /** Returns whether nobody has it open any more; then its memory was given back. */
  boolean remove(boolean reader, boolean writer) {
    boolean unused;
    lock.lock();
    try {
      readers -= reader ? 1 : 0;
      writers -= writer ? 1 : 0;
      unused = readers == 0 && writers == 0;
      if (unused) {
        ring.clear();
        movedLocked();
      }
    } finally {
      lock.unlock();
    }
    queue.notify(Readiness.HANG_UP | Readiness.ERROR | Readiness.READABLE | Readiness.WRITABLE);
    return unused;
  }

  int readers() {
    return readers;
  }

  int writers() {
    return writers;
  }

  int readerOpens() {
    return readerOpens;
  }

  int writerOpens() {
    return writerOpens;
  }

  int usedBytes() {
    return usedBytes;
  }

  /** Fails with EAGAIN if there is nothing to read yet; returns false at the end. */
  boolean requireBytes() {
    if (usedBytes > 0) {
      return true;
    }
    if (writers == 0) {
      // The last writer may have written and gone between the two looks.
      return usedBytes > 0;
    }
    throw LinuxException.of(Errno.EAGAIN);
  }

  /** Fails with EPIPE if nobody reads, with EAGAIN if a write of some size can't even begin. */
  void requireRoom(long byteCount) {
    lock.lock();
    try {
      requireRoomLocked(byteCount);
    } finally {
      lock.unlock();
    }
  }

  private void requireRoomLocked(long byteCount) {
    if (readers == 0) {
      throw LinuxException.of(Errno.EPIPE);
    }
    if (roomLocked() == 0 && mergeableLocked(byteCount) == 0) {
      throw LinuxException.of(Errno.EAGAIN);
    }
  }

  /** Fails with EPIPE if nobody reads, with EAGAIN if there is no room for a buffer more. */
  void requireBufferLocked() {
    requireRoomLocked(0);
  }

  /**
   * Returns how many bytes of a write join the newest buffer: what the write has beyond whole
   * pages, if all of that fits.
   */
  private int mergeableLocked(long byteCount) {
    int odd = (int) (byteCount & (PipeRing.PAGE - 1));
    return odd <= ring.mergeRoom() ? odd : 0;
  }

  /**
   * Moves bytes out into blocks, buffer by buffer. A buffer of which a part goes to memory that is
   * not there stays as it is ({@code anon_pipe_read}).
   *
   * @param dst the memory that is there
   * @param wanted how many bytes were asked for; more than {@code dst} has if a fault follows it
   */
  long read(BlockSeq dst, long wanted) {
    long moved;
    lock.lock();
    try {
      if (!requireBytes()) {
        return 0;
      }
      moved = readLocked(dst, wanted);
      movedLocked();
    } finally {
      lock.unlock();
    }
    queue.notify(Readiness.WRITABLE);
    return moved;
  }

  private long readLocked(BlockSeq dst, long wanted) {
    long moved = 0;
    BlockSeq rest = dst;
    while (moved < wanted && ring.bufferCount() > 0) {
      int length = ring.lengthOf(0);
      int count = (int) Math.min(length, wanted - moved);
      long there = Math.min(count, rest.numBytes());
      ring.peek(rest, there);
      if (there < count) {
        return requireMoved(moved);
      }
      boolean packet = (ring.marksOf(0) & PipeRing.PACKET) != 0;
      ring.consume(packet ? length : count);
      moved += count;
      if (packet) {
        break;
      }
      rest = rest.dropFirst(count);
    }
    return moved;
  }

  private static long requireMoved(long moved) {
    if (moved == 0) {
      throw LinuxException.of(Errno.EFAULT);
    }
    return moved;
  }

  /**
   * Moves bytes in, buffer by buffer. A buffer of which a part would come from memory that is not
   * there is not made ({@code anon_pipe_write}).
   *
   * @param src the memory that is there
   * @param wanted how many bytes were to be written; more than {@code src} has if a fault follows
   *     it
   * @param asPackets whether each buffer is to be read alone
   */
  long write(BlockSeq src, long wanted, boolean asPackets) {
    long moved;
    lock.lock();
    try {
      requireRoomLocked(wanted);
      moved = writeLocked(src, wanted, asPackets ? PipeRing.PACKET : PipeRing.MERGES);
      movedLocked();
    } finally {
      lock.unlock();
    }
    queue.notify(Readiness.READABLE);
    return moved;
  }

  private long writeLocked(BlockSeq src, long wanted, byte mark) {
    long moved = 0;
    BlockSeq rest = src;
    int merged = mergeableLocked(wanted);
    int pages = (int) Math.min(roomLocked(), Addr.pageRoundUp(wanted - merged) / PipeRing.PAGE);
    // First, so that a lack of memory shows before anything has moved.
    ring.reserve(pages);
    if (merged > 0) {
      if (rest.numBytes() < merged) {
        throw LinuxException.of(Errno.EFAULT);
      }
      ring.merge(rest, merged);
      rest = rest.dropFirst(merged);
      moved = merged;
    }
    for (; pages > 0; pages--) {
      int count = (int) Math.min(PipeRing.PAGE, wanted - moved);
      if (rest.numBytes() < count) {
        return requireMoved(moved);
      }
      ring.push(rest, count, mark);
      rest = rest.dropFirst(count);
      moved += count;
    }
    return moved;
  }

  /** Takes note that bytes were moved in the ring by a holder of the lock. */
  void movedLocked() {
    usedBytes = ring.byteCount();
    usedBuffers = ring.bufferCount();
  }

  /** Returns how many buffers more there may be. */
  int roomLocked() {
    return capacity / PipeRing.PAGE - ring.bufferCount();
  }

  int capacity() {
    return capacity;
  }

  void setCapacity(int newCapacity) {
    lock.lock();
    try {
      if (newCapacity / PipeRing.PAGE < ring.bufferCount()) {
        throw LinuxException.of(Errno.EBUSY);
      }
      capacity = newCapacity;
    } finally {
      lock.unlock();
    }
    queue.notify(Readiness.WRITABLE);
  }

  /**
   * Returns what an end can do.
   *
   * @param writerOpensBefore how many writers there had been before the end was opened: a FIFO
   *     whose reader came first does not hang up before the first writer
   */
  int readiness(boolean reader, boolean writer, int writerOpensBefore) {
    int ready = 0;
    if (reader) {
      if (usedBytes > 0) {
        ready |= Readiness.READABLE;
      }
      if (writers == 0 && writerOpens != writerOpensBefore) {
        ready |= Readiness.HANG_UP;
      }
    }
    if (writer) {
      if (usedBuffers < capacity / PipeRing.PAGE) {
        ready |= Readiness.WRITABLE;
      }
      if (readers == 0) {
        ready |= Readiness.ERROR;
      }
    }
    return ready;
  }
}
