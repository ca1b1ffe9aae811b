package org.usermem.fs.event;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts changes of something that no file holds, and tells who waits for them. Safe for use by all
 * threads.
 */
public final class Changes {
  private final AtomicInteger count = new AtomicInteger();
  private final WaitQueue queue = new WaitQueue();

  /** Makes a counter of nothing yet. */
  public Changes() {}

  /**
   * Returns how many changes there were.
   *
   * @return a number that no two moments with a change between them have in common
   */
  public int count() {
    return count.get();
  }

  /**
   * Returns who is told of changes.
   *
   * @return the queue
   */
  public WaitQueue queue() {
    return queue;
  }

  /** Counts a change and tells of it. */
  public void happened() {
    count.incrementAndGet();
    queue.notify(~0);
  }
}
