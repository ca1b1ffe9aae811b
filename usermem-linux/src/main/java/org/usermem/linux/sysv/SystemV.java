package org.usermem.linux.sysv;

import org.usermem.kernel.Kernel;
import org.usermem.kernel.Task;
import org.usermem.mm.shm.ShmLimits;
import org.usermem.mm.shm.ShmRegistry;

/** The System V objects of a kernel: Linux's {@code ipc_namespace}. Thread-safe. */
public final class SystemV implements AutoCloseable {
  private final ShmRegistry segments;
  private final Semaphores semaphores = new Semaphores();
  private final MessageQueues messages = new MessageQueues();

  /** Makes the objects of a kernel: none yet. */
  public SystemV(Kernel kernel) {
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

  /** Gives back the memory of segments. */
  @Override
  public void close() {
    segments.close();
  }
}
