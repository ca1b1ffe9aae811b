package org.usermem.kernel;

/** The wait of a parent whose child runs in its address space (vfork(2)). */
final class VforkWait {

  private final Task parent;
  private volatile boolean over;

  VforkWait(Task parent) {
    this.parent = parent;
  }

  /** The child has an address space of its own, or has ended. */
  void end() {
    over = true;
    parent.blocking().wake();
  }

  /** Waits; returns whether the wait ended by itself rather than by SIGKILL. */
  boolean await() {
    return parent.blocking().untilKilled(() -> over) == Blocking.Outcome.READY;
  }
}
