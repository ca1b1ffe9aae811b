package org.usermem.platform.stub;

import java.util.concurrent.locks.LockSupport;

/**
 * Whether a guest thread runs, and whether it is to stop.
 *
 * <p>Both fields are volatile, so that of an {@code interrupt} and an {@code enter} at the same
 * time at least one sees the other: either the owner finds the interrupt pending and does not run,
 * or the interrupting thread finds it running and sends a signal. A signal that comes late meets a
 * thread that has stopped for another reason; its next run takes the pending interrupt without
 * running, and the signal, when it arrives after all, finds nothing pending and is ignored.
 *
 * <p>Thread safety: {@link #interrupt}, {@link #awaitStop} from any thread, the rest by the owner.
 */
public final class RunState implements GuestThread {

  private static final long POLL_NANOS = 20_000;

  private final Runnable sendSignal;
  private volatile boolean running;
  private volatile boolean pending;

  // Guarded by this, and held while a signal is sent: the thread's id is not another's yet.
  private boolean closed;

  /**
   * Makes the state of a thread that does not run.
   *
   * @param sendSignal sends the interrupt signal to it
   */
  public RunState(Runnable sendSignal) {
    this.sendSignal = sendSignal;
  }

  /**
   * Says that the thread is about to run.
   *
   * @return false if an interrupt was pending, which is taken; the thread is not to run then
   */
  public boolean enter() {
    running = true;
    if (pending) {
      pending = false;
      running = false;
      return false;
    }
    return true;
  }

  /** Says that the thread has stopped. */
  public void leave() {
    running = false;
  }

  /**
   * Takes a pending interrupt, when the signal has arrived.
   *
   * @return whether there was one
   */
  public boolean takeInterrupt() {
    boolean taken = pending;
    if (taken) {
      pending = false;
    }
    return taken;
  }

  /** Makes the thread stop, now or the next time it would run. */
  public void interrupt() {
    pending = true;
    if (running) {
      synchronized (this) {
        if (!closed) {
          sendSignal.run();
        }
      }
    }
  }

  /** Returns whether an interrupt has not been taken. */
  public boolean isInterruptPending() {
    return pending;
  }

  @Override
  public void awaitStop() {
    while (running) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Says that the thread is about to end: no signal is sent to it from now on. */
  public synchronized void close() {
    closed = true;
  }
}
