package org.usermem.linux.poll;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.kernel.Blocking;
import org.usermem.kernel.Task;

/**
 * The files that one call waits for ({@code do_poll}, {@code do_select}). Used by one task, for one
 * call.
 */
final class PollSet implements AutoCloseable {
  /** A descriptor that is not open (POLLNVAL). */
  static final int INVALID = 0x20;

  /** The deadline of a call that does not wait. */
  static final long DO_NOT_WAIT = Long.MIN_VALUE;

  private final Task task;
  private final @Nullable FileDescription[] files;
  private final int[] interests;
  private final int[] ready;
  private @Nullable Waiter @Nullable [] waiters;
  private volatile boolean notified;
  private int size;

  PollSet(Task task, int capacity) {
    this.task = task;
    this.files = new FileDescription[capacity];
    this.interests = new int[capacity];
    this.ready = new int[capacity];
  }

  int size() {
    return size;
  }

  /** What was found of an entry: bits of {@link Readiness}, or {@link #INVALID}. */
  int ready(int index) {
    return ready[index];
  }

  /** Adds an entry for nothing, which is never ready. */
  void addNothing() {
    size++;
  }

  /**
   * Adds a descriptor.
   *
   * @return whether it is open
   */
  boolean add(int fd, int interest) {
    int index = size++;
    interests[index] = interest | Readiness.ALWAYS;
    try {
      files[index] = task.files().get(fd);
      return true;
    } catch (LinuxException e) {
      ready[index] = INVALID;
      return false;
    }
  }

  /**
   * Waits until something is ready; a descriptor that is not open counts as that.
   *
   * @param deadline a monotonic time; {@link #DO_NOT_WAIT} to look once
   */
  Blocking.Outcome await(long deadline) {
    if (look() > 0) {
      return Blocking.Outcome.READY;
    }
    if (deadline == DO_NOT_WAIT) {
      return Blocking.Outcome.TIMED_OUT;
    }
    register();
    while (true) {
      notified = false;
      if (look() > 0) {
        return Blocking.Outcome.READY;
      }
      Blocking.Outcome outcome = task.blocking().until(() -> notified, deadline);
      if (outcome != Blocking.Outcome.READY) {
        return look() > 0 ? Blocking.Outcome.READY : outcome;
      }
    }
  }

  /** Looks at every entry; returns how many are ready. */
  int look() {
    int count = 0;
    for (int i = 0; i < size; i++) {
      FileDescription file = files[i];
      if (file != null) {
        ready[i] = file.readiness(interests[i]) & interests[i];
      }
      count += ready[i] != 0 ? 1 : 0;
    }
    return count;
  }

  private void register() {
    waiters = new Waiter[size];
    for (int i = 0; i < size; i++) {
      FileDescription file = files[i];
      if (file != null) {
        Waiter waiter = Waiter.of(interests[i], this::wake);
        waiters[i] = waiter;
        file.register(waiter);
      }
    }
  }

  private void wake() {
    notified = true;
    task.blocking().wake();
  }

  @Override
  public void close() {
    for (int i = 0; i < size; i++) {
      FileDescription file = files[i];
      if (file == null) {
        continue;
      }
      Waiter waiter = waiters == null ? null : waiters[i];
      if (waiter != null) {
        file.unregister(waiter);
      }
      file.decRef();
    }
  }
}
