package org.usermem.kernel.namespace;

import java.util.concurrent.atomic.AtomicInteger;
import org.usermem.kernel.fd.FsContext;

/**
 * What some tasks see of one part of a system ({@code struct ns_common}). It lasts as long as it
 * has users: sets of namespaces of tasks, and open files. Safe for use by all threads.
 */
public abstract class Namespace {
  private final NamespaceKind kind;
  private final long number;
  private final AtomicInteger users = new AtomicInteger(1);

  /**
   * Makes a namespace with one user.
   *
   * @param number what no other namespace of the kernel has
   */
  protected Namespace(NamespaceKind kind, long number) {
    this.kind = kind;
    this.number = number;
  }

  /** Returns the kind. */
  public final NamespaceKind kind() {
    return kind;
  }

  /** Returns the number that no other namespace has, as /proc/PID/ns shows it. */
  public final long number() {
    return number;
  }

  /**
   * Counts one more user.
   *
   * @return whether the namespace has not ended
   */
  public final boolean incUsers() {
    return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  /** Counts one user less; without the last the namespace ends. */
  public final void decUsers() {
    if (users.decrementAndGet() == 0) {
      ended();
    }
  }

  /**
   * Makes a namespace for a task that wants one of its own, with one user.
   *
   * @param newNumber the number of the new one
   * @param fs where the paths of the task start, which it shares with nobody: a namespace of mounts
   *     moves it to its own
   * @return the new namespace
   * @throws org.usermem.errno.LinuxException ENOSPC if there are too many
   */
  public abstract Namespace copy(long newNumber, FsContext fs);

  /**
   * Lets a task in (setns(2)), as the last step.
   *
   * @param fs where the paths of the task start
   */
  public void entered(FsContext fs) {}

  /** Gives back what the namespace has. */
  protected void ended() {}
}
