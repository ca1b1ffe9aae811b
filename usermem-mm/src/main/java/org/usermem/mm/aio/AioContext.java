package org.usermem.mm.aio;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * A context of asynchronous I/O: Linux's {@code kioctx}. Completed requests are events in a ring of
 * pages that the program has mapped, so it can take them without a call; what it writes there is
 * hostile, so every index is read once and taken modulo the size.
 *
 * <p>Thread-safe. {@link #drain} calls its sink under the lock of the context, which comes before
 * the locks of address spaces.
 */
public final class AioContext {

  /** Takes events; throws to keep the one it is given, and the rest, in the ring. */
  @FunctionalInterface
  public interface EventSink {

    /** Takes an event. */
    void take(AioEvent event);
  }

  /** A request that is under way and can be cancelled. */
  public interface Pending {

    /** Returns the address of the request, which its event will carry. */
    long object();

    /** Has the request end soon; called at most with the locks of address spaces held. */
    void cancel();
  }

  private static final VarHandle INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private static final int MAGIC = 0xa10a10a1;
  private static final long NR = 4;
  private static final long HEAD = 8;
  private static final long TAIL = 12;
  private static final long MAGIC_AT = 16;
  private static final long COMPATIBLE = 20;
  private static final long HEADER_LENGTH = 28;
  private static final int HEADER_BYTES = 32;
  private static final int EVENT_BYTES = 32;

  private final MemorySegment ring;
  private final int capacity;
  private final int slots;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Set<Pending> waiting = ConcurrentHashMap.newKeySet();

  // Guarded by the lock:
  private int tail;
  private int requests;
  private boolean dead;

  private volatile long id;

  /**
   * Makes a context over a ring of zeros.
   *
   * @param ring the pages that the program will see
   * @param capacity requests that may be under way, or completed and not taken, at one time
   */
  public AioContext(MemorySegment ring, int capacity) {
    this.ring = ring;
    this.capacity = capacity;
    this.slots = (int) ((ring.byteSize() - HEADER_BYTES) / EVENT_BYTES);
    if (slots <= capacity) {
      throw new IllegalArgumentException(
          ring.byteSize() + " bytes hold no more than " + capacity + " events");
    }
    INT.set(ring, NR, slots);
    INT.set(ring, MAGIC_AT, MAGIC);
    INT.set(ring, COMPATIBLE, 1);
    INT.set(ring, HEADER_LENGTH, HEADER_BYTES);
  }

  /** Returns how many bytes a ring needs for a capacity, a multiple of the page size. */
  public static long ringBytes(int capacity) {
    return Addr.pageRoundUp(HEADER_BYTES + (capacity + 2L) * EVENT_BYTES);
  }

  /** Returns how many requests it is for. */
  public int capacity() {
    return capacity;
  }

  /** Returns the number of the context: the address of its ring. */
  public long id() {
    return id;
  }

  /** Says where the ring is now; the memory manager does. */
  public void setId(long value) {
    id = value;
  }

  /**
   * Reserves room for the event of a request.
   *
   * @throws LinuxException EAGAIN if the context is full, EINVAL if it is destroyed
   */
  public void reserve() {
    lock.lock();
    try {
      if (dead) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if (requests + pendingLocked() >= capacity) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      requests++;
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what {@link #reserve} has reserved, for a request that has not been started. */
  public void cancel() {
    lock.lock();
    try {
      requests--;
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** Puts the event of a request that had room reserved into the ring. */
  public void complete(AioEvent event) {
    lock.lock();
    try {
      requests--;
      if (!dead) {
        long at = offset(tail);
        LONG.set(ring, at, event.data());
        LONG.set(ring, at + 8, event.object());
        LONG.set(ring, at + 16, event.result());
        LONG.set(ring, at + 24, event.secondResult());
        tail = (tail + 1) % slots;
        INT.setRelease(ring, TAIL, tail);
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  private long offset(int slot) {
    return HEADER_BYTES + (long) slot * EVENT_BYTES;
  }

  private int headLocked() {
    return Integer.remainderUnsigned((int) INT.getVolatile(ring, HEAD), slots);
  }

  private int pendingLocked() {
    return Math.floorMod(tail - headLocked(), slots);
  }

  /** Returns how many events are in the ring. */
  public int pending() {
    lock.lock();
    try {
      return pendingLocked();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many requests are under way. */
  public int underWay() {
    lock.lock();
    try {
      return requests;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes events out of the ring.
   *
   * @param most how many at most
   * @return how many were taken
   * @throws LinuxException what the sink throws at the first event
   */
  public int drain(int most, EventSink sink) {
    int taken = 0;
    lock.lock();
    try {
      int head = headLocked();
      while (taken < most && head != tail) {
        long at = offset(head);
        AioEvent event =
            new AioEvent(
                (long) LONG.get(ring, at),
                (long) LONG.get(ring, at + 8),
                (long) LONG.get(ring, at + 16),
                (long) LONG.get(ring, at + 24));
        try {
          sink.take(event);
        } catch (LinuxException e) {
          if (taken == 0) {
            throw e;
          }
          break;
        }
        head = (head + 1) % slots;
        taken++;
        INT.setVolatile(ring, HEAD, head);
      }
    } finally {
      lock.unlock();
    }
    return taken;
  }

  /**
   * Remembers a request until it is {@linkplain #forget forgotten}; cancels it if it is too late.
   */
  public void remember(Pending request) {
    waiting.add(request);
    if (isDead()) {
      request.cancel();
    }
  }

  /** Forgets a request, which has ended. */
  public void forget(Pending request) {
    waiting.remove(request);
  }

  /**
   * Cancels a request that is remembered.
   *
   * @param object its address
   * @return whether there is one
   */
  public boolean cancel(long object) {
    for (Pending request : waiting) {
      if (request.object() == object) {
        request.cancel();
        return true;
      }
    }
    return false;
  }

  /** Calls something after each completion, and when the context is destroyed. */
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  /** Stops the calls to a listener. */
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  private void wake() {
    listeners.forEach(Runnable::run);
  }

  /** Returns whether the context is destroyed. */
  public boolean isDead() {
    lock.lock();
    try {
      return dead;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Destroys the context: no request can be started, those that are remembered are cancelled, and
   * events of those under way are dropped.
   */
  public void destroy() {
    lock.lock();
    try {
      if (dead) {
        return;
      }
      dead = true;
    } finally {
      lock.unlock();
    }
    wake();
    waiting.forEach(Pending::cancel);
  }
}
