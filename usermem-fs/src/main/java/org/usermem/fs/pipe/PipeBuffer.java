package org.usermem.fs.pipe;

import java.util.concurrent.locks.ReentrantLock;
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

  /** Writes of at most so many bytes are not mixed with others (PIPE_BUF). */
  static final int ATOMIC_BYTE_COUNT = 4096;

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
        usedBytes = 0;
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

  /** Fails with EPIPE if nobody reads, with EAGAIN if there is no room for a write of some size. */
  void requireRoom(long byteCount) {
    if (readers == 0) {
      throw LinuxException.of(Errno.EPIPE);
    }
    // What is not atomic starts as soon as there is any room.
    long needed = byteCount > ATOMIC_BYTE_COUNT ? 1 : byteCount;
    if (capacity - usedBytes < needed) {
      throw LinuxException.of(Errno.EAGAIN);
    }
  }

  /** Moves bytes out into blocks. */
  long read(BlockSeq dst) {
    int count;
    lock.lock();
    try {
      if (!requireBytes()) {
        return 0;
      }
      count = ring.take(dst);
      usedBytes = ring.used();
    } finally {
      lock.unlock();
    }
    queue.notify(Readiness.WRITABLE);
    return count;
  }

  /**
   * Moves bytes in.
   *
   * @param asPackets whether each piece of up to a page becomes a packet
   */
  long write(BlockSeq src, boolean asPackets) {
    long count;
    lock.lock();
    try {
      requireRoom(src.numBytes());
      count = Math.min(src.numBytes(), roomLocked());
      ring.reserve((int) count);
      if (asPackets) {
        appendPackets(src.takeFirst(count));
      } else {
        ring.append(src.takeFirst(count));
      }
      usedBytes = ring.used();
    } finally {
      lock.unlock();
    }
    queue.notify(Readiness.READABLE);
    return count;
  }

  private void appendPackets(BlockSeq src) {
    BlockSeq rest = src;
    while (!rest.isEmpty()) {
      int length = (int) Math.min(rest.numBytes(), ATOMIC_BYTE_COUNT);
      ring.append(rest.takeFirst(length));
      ring.closePacket(length);
      rest = rest.dropFirst(length);
    }
  }

  /** Takes note that bytes were moved in the ring by a holder of the lock. */
  void movedLocked() {
    usedBytes = ring.used();
  }

  int roomLocked() {
    return capacity - ring.used();
  }

  int capacity() {
    return capacity;
  }

  void setCapacity(int newCapacity) {
    lock.lock();
    try {
      if (newCapacity < ring.used()) {
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
      if (capacity - usedBytes >= ATOMIC_BYTE_COUNT) {
        ready |= Readiness.WRITABLE;
      }
      if (readers == 0) {
        ready |= Readiness.ERROR;
      }
    }
    return ready;
  }
}
