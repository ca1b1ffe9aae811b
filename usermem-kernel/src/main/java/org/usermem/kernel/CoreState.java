package org.usermem.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A process that a signal ends with a dump: all its tasks but the one that writes the dump wait in
 * their exit until that is done, so that what they were about can be read ({@code struct
 * core_state} and {@code coredump_wait} of Linux).
 */
public final class CoreState {

  /**
   * A task that waits.
   *
   * @param task the task; its registers are those with which it left the program
   * @param floatingPoint its floating-point and vector state, an XSAVE area; null if it has never
   *     run
   */
  public record Waiting(Task task, @Nullable MemorySegment floatingPoint) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private final Set<Task> missing;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean isOver;

  /** Begins a dump; every task of the process finds SIGKILL. The lock of the tasks is held. */
  static CoreState ofLocked(Task dumper) {
    Set<Task> others = new HashSet<>();
    for (Task each : dumper.threadGroup().tasksLocked()) {
      if (each != dumper && !each.life.isPastDump) {
        others.add(each);
      }
    }
    return new CoreState(others);
  }

  private CoreState(Set<Task> others) {
    this.missing = others;
  }

  /**
   * Waits until the other tasks of the process have stopped, for the thread that writes the dump.
   *
   * @return the tasks, but for those that were ending before; in the order of their numbers
   */
  public List<Waiting> awaitOthers() {
    lock.lock();
    try {
      while (!missing.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      waiting.sort(Comparator.comparingInt(each -> each.task().tid()));
      return List.copyOf(waiting);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the dump is written, on the thread of a task that ends. */
  void await(Task task, @Nullable MemorySegment floatingPoint) {
    lock.lock();
    try {
      if (missing.remove(task)) {
        waiting.add(new Waiting(task, floatingPoint));
        changed.signalAll();
        while (!isOver) {
          changed.awaitUninterruptibly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes note that a task has gone that never got a thread. */
  void gone(Task task) {
    lock.lock();
    try {
      missing.remove(task);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the others end. */
  void end() {
    lock.lock();
    try {
      isOver = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
