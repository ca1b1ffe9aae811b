package org.usermem.fs;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that is up to a tick behind, as the one that Linux stamps files with ({@code
 * ktime_get_coarse_real_ts64}): to ask the host takes as long as to copy a page.
 *
 * <p>A thread makes the ticks. It starts when the time was asked for often within a tick, and ends
 * when nobody has asked for a while; without it each call asks the source. The time never goes back
 * but where the source does.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class CoarseClock implements FileClock, AutoCloseable {

  /** The time between two ticks, that of Linux with CONFIG_HZ=250. */
  private static final long TICK_NANOS = 4_000_000;

  private static final int CALLS_TO_START = 64;
  private static final int IDLE_TICKS_TO_STOP = 25;

  private static final long STOPPED = Long.MIN_VALUE;

  private final FileClock source;
  private final ReentrantLock lock = new ReentrantLock();

  // The time of the last tick. Changed with the lock held, as the source is asked with it held: so
  // no tick is older than what was answered before it.
  private volatile long tick = STOPPED;

  // Whether anybody has asked since the last tick.
  private volatile boolean asked;

  // Guarded by lock: the calls since a time that is less than a tick ago.
  private long countedSince;
  private int calls;

  private @Nullable Thread ticking; // guarded by lock
  private boolean closed; // guarded by lock

  /**
   * Creates a clock.
   *
   * @param source where the time comes from
   */
  public CoarseClock(FileClock source) {
    this.source = source;
  }

  @Override
  public long nanos() {
    long now = tick;
    if (now == STOPPED) {
      return nanosSlow();
    }
    if (!asked) {
      asked = true;
    }
    return now;
  }

  private long nanosSlow() {
    lock.lock();
    try {
      long now = tick;
      if (now != STOPPED) {
        return now;
      }
      now = source.nanos();
      if (Math.abs(now - countedSince) > TICK_NANOS) {
        countedSince = now;
        calls = 0;
      }
      calls++;
      if (calls >= CALLS_TO_START && !closed) {
        ticking = Thread.ofPlatform().daemon().name("usermem-clock").start(this::makeTicks);
        tick = now;
      }
      return now;
    } finally {
      lock.unlock();
    }
  }

  private void makeTicks() {
    int idleTicks = 0;
    while (idleTicks < IDLE_TICKS_TO_STOP && makeTick()) {
      LockSupport.parkNanos(this, TICK_NANOS);
      idleTicks = asked ? 0 : idleTicks + 1;
      asked = false;
    }
    lock.lock();
    try {
      tick = STOPPED;
      ticking = null;
      calls = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Returns false once the clock is closed. */
  private boolean makeTick() {
    lock.lock();
    try {
      tick = source.nanos();
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether there is a thread that makes ticks. */
  boolean isTicking() {
    return tick != STOPPED;
  }

  /** Ends the thread. Whoever asks after that is told what the source says. */
  @Override
  public void close() {
    Thread running;
    lock.lock();
    try {
      closed = true;
      running = ticking;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      LockSupport.unpark(running);
      awaitEnd(running);
    }
  }

  private static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
