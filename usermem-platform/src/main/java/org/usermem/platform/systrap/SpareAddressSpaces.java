package org.usermem.platform.systrap;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.platform.host.HostException;

/**
 * Address spaces that are made before somebody asks for them.
 *
 * <p>A new process with a guest thread takes the host a dozen calls, most of them to and fro
 * between threads. A program that starts others does not wait for them if they are made meanwhile.
 *
 * <p>One is made at the start; from the second that is taken on, which is when a program turns out
 * to start others, there are as many as a fork and an exec need.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
final class SpareAddressSpaces implements AutoCloseable {

  private static final int AT_START = 1;
  private static final int WHEN_TAKEN = 2;

  private final Supplier<SystrapAddressSpace> maker;
  private final Thread thread;

  // Guarded by this:
  private final ArrayDeque<SystrapAddressSpace> ready = new ArrayDeque<>();
  private int wanted = AT_START;
  private boolean firstTaken;
  private boolean making;
  private boolean closed;

  /**
   * Starts to make address spaces.
   *
   * @param maker makes one, and throws what {@code Platform.newAddressSpace} throws
   */
  SpareAddressSpaces(Supplier<SystrapAddressSpace> maker) {
    this.maker = maker;
    making = true;
    thread = Thread.ofPlatform().daemon().name("usermem-spares").start(this::work);
  }

  /** Takes an address space that nobody has used; null if none is ready. */
  synchronized @Nullable SystrapAddressSpace take() {
    if (!firstTaken) {
      // The one that is about to be ready is ready sooner than one that is begun now.
      awaitMaker();
      firstTaken = true;
    } else {
      wanted = WHEN_TAKEN;
      notifyAll();
    }
    return ready.poll();
  }

  private synchronized void awaitMaker() {
    boolean interrupted = false;
    while (making && ready.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    while (isAnotherWanted()) {
      SystrapAddressSpace made = null;
      try {
        made = maker.get();
      } catch (LinuxException | HostException | IllegalStateException e) {
        // Whoever asks for an address space learns why there is none.
      }
      if (!offer(made) && made != null) {
        made.close();
      }
    }
  }

  /** Waits until another one is wanted; returns false when none ever will be. */
  private synchronized boolean isAnotherWanted() {
    making = false;
    notifyAll();
    while (!closed && ready.size() >= wanted) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody has a reason to interrupt this thread.
      }
    }
    making = !closed;
    return making;
  }

  private synchronized boolean offer(@Nullable SystrapAddressSpace made) {
    if (made == null) {
      // The host has none left. Not again before one is taken, which makes room.
      wanted = ready.size();
      return false;
    }
    if (closed) {
      return false;
    }
    ready.add(made);
    return true;
  }

  /** Gives back what is ready, and makes no more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
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
    synchronized (this) {
      ready.forEach(SystrapAddressSpace::close);
      ready.clear();
    }
  }
}
