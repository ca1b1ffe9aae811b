package org.usermem.linux.sysv;

import org.usermem.kernel.Kernel;
import org.usermem.kernel.Task;
import org.usermem.mm.shm.ShmLimits;
import org.usermem.mm.shm.ShmRegistry;

/** The System V objects of a namespace: Linux's {@code ipc_namespace}. Thread-safe. */
public final class SystemV implements AutoCloseable {
  private final ShmRegistry segments;
  private final Semaphores semaphores;
  private final MessageQueues messages;

  /**
   * Makes the objects of a namespace: none yet.
   *
   * @param budget what objects of all namespaces of the kernel may take
   */
  public SystemV(Kernel kernel, IpcBudget budget) {
    semaphores = new Semaphores(budget);
    messages = new MessageQueues(budget.sent());
    segments =
        new ShmRegistry(
            kernel.memoryFile(), ShmLimits.DEFAULT, IpcObject::seconds, SystemV::currentProcess);
  }

  private static int currentProcess() {
    Task task = Task.current();
    return task == null ? 0 : task.processId();
  }

  /** Returns the segments of shared memory. */
  public ShmRegistry segments() {
    return segments;
  }

  /** Returns the semaphores. */
  public Semaphores semaphores() {
    return semaphores;
  }

  /** Returns the queues of messages. */
  public MessageQueues messages() {
    return messages;
  }

  /** Removes all objects; of segments that are attached still the memory stays. */
  @Override
  public void close() {
    semaphores.close();
    messages.close();
    segments.close();
  }
}
