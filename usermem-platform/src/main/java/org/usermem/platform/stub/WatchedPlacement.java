package org.usermem.platform.stub;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A placement of a guest thread whose Java thread can't look at the clock while it waits, so that a
 * watch does.
 *
 * <p>Thread safety: confined to the Java thread that serves the guest, but for {@link #look}.
 */
public final class WatchedPlacement {

  private final Placement placement;
  private final GuestWatch watch;
  private final Processors processors;
  private final int guestThread;

  private volatile boolean running;
  private final AtomicInteger runs = new AtomicInteger();
  private volatile boolean freed;
  private int runsSeen; // of the watch

  /** As {@link Placement#Placement}. */
  public WatchedPlacement(
      GuestWatch watch, Processors processors, int guestProcess, int guestThread) {
    this.watch = watch;
    this.processors = processors;
    this.guestThread = guestThread;
    placement = new Placement(processors, guestProcess, guestThread);
    watch.add(this);
  }

  /** Says that the guest is about to run. */
  public void guestStarts() {
    runs.incrementAndGet();
    running = true;
  }

  /** Says that the guest has stopped. */
  public void guestStopped() {
    running = false;
    if (freed) {
      freed = false;
      placement.guestRunsOn();
    }
    placement.guestStopped();
  }

  /**
   * Frees the guest thread if it has run since the last look; the watch only.
   *
   * <p>If it stops at this very moment, it is freed for nothing, and bound again at its next stop.
   *
   * @return whether the guest runs
   */
  boolean look() {
    int seen = runsSeen;
    runsSeen = runs.get();
    if (!running) {
      return false;
    }
    if (seen == runsSeen && !freed) {
      processors.free(guestThread);
      freed = true;
    }
    return true;
  }

  /** Frees the calling thread; the guest thread still exists. */
  public void end() {
    watch.remove(this);
    placement.end();
  }
}
