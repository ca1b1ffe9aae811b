package org.usermem.platform.stub;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

/**
 * Keeps a guest thread and the Java thread that serves it on one processor.
 *
 * <p>Of the two only one runs at a time. Where they share a processor, handing over is a switch
 * between two threads, about a microsecond. The host's scheduler would rather wake a thread on a
 * processor that is idle, and to get that out of its sleep takes many times as long.
 *
 * <p>All pairs of a platform begin on its home processor, so that programs that wait for each other
 * hand over in the same way. A pair that {@link Crowding loses much of its time} there becomes free
 * for a moment; it settles where the scheduler wakes it, or, where that is no better, on the next
 * processor every other time, so that two that crowd each other don't move together. It comes home
 * after a while, to see whether there is room by now, and at once, to stay for a while, if all that
 * it does elsewhere is to be woken: then the others were not a crowd, but company. A guest thread
 * that runs for long is free meanwhile, and so is its Java thread.
 *
 * <p>Thread safety: confined to the Java thread that serves the guest.
 */
public final class Placement {

  /** How long a guest runs before it counts as one that runs for long. */
  public static final long LONG_RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final int NOWHERE = -1;

  /** Hand-overs between two looks at the clock. */
  private static final int LOOK_INTERVAL = 8;

  private static final long SHORTEST_REVIEW_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long LONGEST_REVIEW_NANOS = TimeUnit.MILLISECONDS.toNanos(64);
  private static final long SHORTEST_STAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_STAY_NANOS = TimeUnit.MILLISECONDS.toNanos(1600);

  private final Processors processors;
  private final String guestProcess;
  private final int guestThread;
  private final RunDelay ownDelay;
  private final RunDelay guestDelay;

  private @Nullable RunDelay injectorDelay;
  private int injector;
  private int processor = NOWHERE;

  /** A processor not to settle on again. */
  private int crowded = NOWHERE;

  private int untilLook = LOOK_INTERVAL;
  private long reviewedAt = System.nanoTime();
  private long reviewNanos = SHORTEST_REVIEW_NANOS;
  private long leftHomeAt;
  private long stayNanos = SHORTEST_STAY_NANOS;

  /** Until when the pair bears to be crowded at home, having been no better off elsewhere. */
  private long patientUntil = reviewedAt;

  private long patienceNanos = SHORTEST_STAY_NANOS;

  /**
   * Places a guest thread and the calling thread on the home processor.
   *
   * @param guestProcess the id of the guest thread's process
   * @param guestThread its own id
   */
  public Placement(Processors processors, int guestProcess, int guestThread) {
    this.processors = processors;
    this.guestProcess = Integer.toString(guestProcess);
    this.guestThread = guestThread;
    int ownThread = (int) HostCalls.current().quick(SystemCall.GETTID, 0, 0, 0);
    ownDelay = new RunDelay("self", ownThread);
    guestDelay = new RunDelay(this.guestProcess, guestThread);
    if (processors.areSeveral()) {
      settle(processors.home());
    }
  }

  /** Says that there is another thread that runs only while this Java thread waits for it. */
  public void addInjector(int threadId) {
    injector = threadId;
    injectorDelay = new RunDelay(guestProcess, threadId);
    if (processor != NOWHERE) {
      processors.bind(threadId, processor);
    }
  }

  /** Says that the guest has stopped. */
  public void guestStopped() {
    if (processor == NOWHERE) {
      if (processors.areSeveral()) {
        int here = Processors.current();
        settle(here == crowded ? processors.after(here) : here);
        crowded = NOWHERE;
      }
    } else if (--untilLook == 0) {
      untilLook = LOOK_INTERVAL;
      look();
    }
  }

  /** Says that the guest has been running for long: from now on it goes where there is room. */
  public void guestRunsOn() {
    if (processor != NOWHERE) {
      processors.free(guestThread);
      becomeFree();
    }
  }

  private void look() {
    long now = System.nanoTime();
    long elapsed = now - reviewedAt;
    if (elapsed < reviewNanos) {
      return;
    }
    reviewedAt = now;
    Crowding crowding = measure();
    boolean isHome = processor == processors.home();
    if (crowding.isSevere(elapsed)) {
      patienceNanos = SHORTEST_STAY_NANOS;
    } else if (isHome && now - patientUntil < 0) {
      return;
    }
    if (crowding.pays(elapsed)) {
      // Where there is no room elsewhere, looking often would only cost.
      reviewNanos = Math.min(2 * reviewNanos, LONGEST_REVIEW_NANOS);
      if (isHome) {
        leftHomeAt = now;
        stayNanos = Math.min(2 * stayNanos, LONGEST_STAY_NANOS);
      }
      if (ThreadLocalRandom.current().nextBoolean()) {
        crowded = processor;
      }
      becomeFree();
      return;
    }
    reviewNanos = SHORTEST_REVIEW_NANOS;
    if (isHome) {
      stayNanos = SHORTEST_STAY_NANOS;
    } else if (crowding.misses(elapsed)) {
      patientUntil = now + patienceNanos;
      patienceNanos = Math.min(2 * patienceNanos, LONGEST_STAY_NANOS);
      settle(processors.home());
    } else if (now - leftHomeAt > stayNanos) {
      settle(processors.home());
    }
  }

  private Crowding measure() {
    long waited = ownDelay.sinceLast() + guestDelay.sinceLast();
    long answers = guestDelay.turns();
    RunDelay third = injectorDelay;
    if (third != null) {
      waited += third.sinceLast();
      answers += third.turns();
    }
    return new Crowding(waited, ownDelay.turns() - answers);
  }

  private void settle(int place) {
    processor = place;
    processors.bind(guestThread, place);
    if (injector != 0) {
      processors.bind(injector, place);
    }
    processors.bind(0, place);
  }

  private void becomeFree() {
    processor = NOWHERE;
    processors.free(0);
  }

  /** Frees the calling thread; the pair is no more. */
  public void end() {
    if (processor != NOWHERE) {
      becomeFree();
    }
  }
}
