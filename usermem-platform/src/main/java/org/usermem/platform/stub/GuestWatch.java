package org.usermem.platform.stub;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks for guest threads that run for long, and frees them, where the Java threads that serve them
 * wait without a limit.
 *
 * <p>Thread safety: every method from any thread.
 */
public final class GuestWatch implements AutoCloseable {

  private static final long TICK_MILLIS = TimeUnit.NANOSECONDS.toMillis(Placement.LONG_RUN_NANOS);

  /** Between two looks as long as no guest runs. */
  private static final long IDLE_TICK_MILLIS = 10 * TICK_MILLIS;

  private final Processors processors;

  // Guarded by this:
  private final Set<WatchedPlacement> placements = new HashSet<>();
  private @Nullable Thread thread;
  private boolean closed;

  /** Makes a watch, which does nothing before there is a guest. */
  public GuestWatch(Processors processors) {
    this.processors = processors;
  }

  synchronized void add(WatchedPlacement placement) {
    if (closed || !processors.areSeveral()) {
      return;
    }
    placements.add(placement);
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("usermem-guest-watch").start(this::work);
    }
    notifyAll();
  }

  synchronized void remove(WatchedPlacement placement) {
    placements.remove(placement);
  }

  private void work() {
    // Whoever made the first guest thread is bound, and so is what it starts.
    processors.free(0);
    while (tick()) {
      // All is done in the condition.
    }
  }

  /** Looks once, and waits for the next time; returns false when there will be none. */
  @SuppressWarnings("WaitNotInLoop") // Its caller loops.
  private synchronized boolean tick() {
    if (closed) {
      // Before the first look, too: nobody would end the wait.
      return false;
    }
    boolean anyRuns = false;
    for (WatchedPlacement placement : placements) {
      anyRuns |= placement.look();
    }
    try {
      if (placements.isEmpty()) {
        wait();
      } else {
        wait(anyRuns ? TICK_MILLIS : IDLE_TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      // Nobody has a reason to interrupt this thread.
    }
    return !closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    placements.clear();
    notifyAll();
  }
}
