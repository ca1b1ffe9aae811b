package org.usermem.fs.console;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;

/**
 * Reads a host channel that may block, on a thread of its own, and only when a guest asks: what no
 * guest has asked for stays in the channel for whoever reads it next.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
final class ConsoleInput implements BlockReader {

  private static final int BUFFER_BYTE_COUNT = 65_536;

  private final ReadableByteChannel channel;
  private final WaitQueue queue;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();

  // Guarded by the lock. The buffer is the thread's while it reads, which is while nothing is in
  // it.
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTE_COUNT).limit(0);
  private int wantedByteCount;
  private boolean ended;
  private boolean closed;
  private @Nullable Thread thread;

  ConsoleInput(ReadableByteChannel channel, WaitQueue queue) {
    this.channel = channel;
    this.queue = queue;
  }

  /** Returns whether a read would not wait; if it would, has something read. */
  boolean isReady(int byteCount) {
    lock.lock();
    try {
      if (buffer.hasRemaining() || ended) {
        return true;
      }
      ask(byteCount);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void ask(int byteCount) {
    if (closed) {
      throw LinuxException.of(Errno.EIO);
    }
    if (wantedByteCount == 0) {
      wantedByteCount = Math.clamp(byteCount, 1, BUFFER_BYTE_COUNT);
      wanted.signal();
    }
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("usermem console input").start(this::pump);
    }
  }

  private void pump() {
    while (true) {
      int byteCount;
      lock.lock();
      try {
        while (wantedByteCount == 0 && !closed) {
          wanted.awaitUninterruptibly();
        }
        if (closed) {
          return;
        }
        byteCount = wantedByteCount;
      } finally {
        lock.unlock();
      }
      // Only this thread touches the buffer while bytes are wanted and none are there.
      buffer.clear().limit(byteCount);
      boolean end;
      try {
        end = channel.read(buffer) < 0;
      } catch (IOException e) {
        end = true;
      }
      lock.lock();
      try {
        buffer.flip();
        wantedByteCount = 0;
        ended = end;
      } finally {
        lock.unlock();
      }
      queue.notify(end ? Readiness.READABLE | Readiness.HANG_UP : Readiness.READABLE);
      if (end) {
        return;
      }
    }
  }

  @Override
  public long readToBlocks(BlockSeq dst) {
    lock.lock();
    try {
      if (wantedByteCount != 0 || !buffer.hasRemaining()) {
        if (ended) {
          return 0;
        }
        ask((int) Math.min(dst.numBytes(), BUFFER_BYTE_COUNT));
        throw LinuxException.of(Errno.EAGAIN);
      }
      BlockSeq source = BlockSeq.of(MemorySegment.ofBuffer(buffer));
      long count = dst.copyFrom(source);
      buffer.position(buffer.position() + (int) count);
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many bytes were read from the channel and not yet by a guest. */
  int available() {
    lock.lock();
    try {
      return wantedByteCount != 0 ? 0 : buffer.remaining();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread, unless it waits in the host: then it ends with what it waits for. */
  void close() {
    lock.lock();
    try {
      closed = true;
      wanted.signal();
    } finally {
      lock.unlock();
    }
  }
}
