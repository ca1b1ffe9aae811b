package org.usermem.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.usermem.kernel.time.Clocks;

/**
 * The processor time of a task: in the program, and in the sentry on its behalf, sleeping excluded.
 * It is wall time between switches: how long the host let the thread wait for a processor counts as
 * well. Only the task's thread writes; reading is safe from any thread.
 *
 * <p>The fields form one snapshot under a sequence count: odd while they change. On the reader's
 * side an acquire fence stands between the fields and the second read of the count, on the writer's
 * a store fence between the odd count and the fields, so a torn snapshot shows in the count.
 */
final class TaskClock {

  private static final VarHandle SEQUENCE;

  static {
    try {
      SEQUENCE = MethodHandles.lookup().findVarHandle(TaskClock.class, "sequence", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private enum Mode {
    USER,
    SYSTEM,
    OFF
  }

  private int sequence;
  private long userNanos;
  private long systemNanos;
  private long since;
  private Mode mode = Mode.OFF;
  private volatile long sleeps;
  private volatile long interruptions;

  /** The thread starts to work in the sentry. */
  void start() {
    change(Mode.SYSTEM, Clocks.monotonicNanos());
  }

  void enterProgram() {
    change(Mode.USER, Clocks.monotonicNanos());
  }

  void leaveProgram() {
    change(Mode.SYSTEM, Clocks.monotonicNanos());
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the task's thread writes
  void sleep() {
    sleeps++;
    change(Mode.OFF, Clocks.monotonicNanos());
  }

  void wake() {
    change(Mode.SYSTEM, Clocks.monotonicNanos());
  }

  void stop() {
    change(Mode.OFF, Clocks.monotonicNanos());
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the task's thread writes
  void countInterruption() {
    interruptions++;
  }

  long sleeps() {
    return sleeps;
  }

  long interruptions() {
    return interruptions;
  }

  private void change(Mode next, long now) {
    int count = sequence;
    SEQUENCE.setOpaque(this, count + 1);
    VarHandle.storeStoreFence();
    switch (mode) {
      case USER -> userNanos += now - since;
      case SYSTEM -> systemNanos += now - since;
      case OFF -> {}
    }
    since = now;
    mode = next;
    SEQUENCE.setRelease(this, count + 2);
  }

  /** Returns whether the task uses a processor now, as far as that can be known. */
  boolean isRunning() {
    return mode != Mode.OFF;
  }

  /** Returns the time in the program, in nanoseconds. */
  long userNanos() {
    return read(Mode.USER);
  }

  /** Returns the time in the sentry, in nanoseconds. */
  long systemNanos() {
    return read(Mode.SYSTEM);
  }

  private long read(Mode wanted) {
    while (true) {
      int before = (int) SEQUENCE.getAcquire(this);
      long total = wanted == Mode.USER ? userNanos : systemNanos;
      long running = mode == wanted ? Clocks.monotonicNanos() - since : 0;
      VarHandle.acquireFence();
      if (before == (int) SEQUENCE.getOpaque(this) && (before & 1) == 0) {
        return total + running;
      }
      Thread.onSpinWait();
    }
  }
}
