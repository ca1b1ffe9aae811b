package org.usermem.linux.sysv;

/**
 * What the objects of all IPC namespaces of a kernel may take of the sentry's memory: more is
 * ENOMEM, so that a program with many namespaces can't fill the heap.
 *
 * @param namespaces how many namespaces, beside the first (user.max_ipc_namespaces)
 * @param sent bytes of System V messages
 * @param queued bytes of messages in POSIX queues
 * @param semaphores how many semaphores
 * @param adjustments how many adjustments of them at the ends of processes
 */
public record IpcBudget(
    Budget namespaces, Budget sent, Budget queued, Budget semaphores, Budget adjustments) {
  private static final long MESSAGE_BYTES = 64L << 20;

  /** Makes the budget of a kernel. */
  public IpcBudget() {
    this(
        new Budget(128),
        new Budget(MESSAGE_BYTES),
        new Budget(MESSAGE_BYTES),
        new Budget(1 << 20),
        new Budget(1 << 18));
  }
}
