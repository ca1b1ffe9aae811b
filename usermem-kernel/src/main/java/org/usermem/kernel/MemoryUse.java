package org.usermem.kernel;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.mm.MemoryManager;

/**
 * A use of another task's address space: it can't go while the use is open. Copies through it after
 * its owner has gone still work; what they find is what was there.
 */
public final class MemoryUse implements AutoCloseable {

  private final MemoryManager memory;
  private boolean closed;

  private MemoryUse(MemoryManager memory) {
    this.memory = memory;
  }

  static MemoryUse of(Task task, TaskSet tasks) {
    tasks.lock();
    try {
      // Under the lock: a task gives its address space up under it, before it drops its use.
      MemoryManager memory = task.parts.memory();
      if (memory == null || !memory.incUsers()) {
        throw LinuxException.of(Errno.ESRCH);
      }
      return new MemoryUse(memory);
    } finally {
      tasks.unlock();
    }
  }

  /** Returns the address space. */
  public MemoryManager memory() {
    if (closed) {
      throw new IllegalStateException("the use of the address space is over");
    }
    return memory;
  }

  /** Ends the use; the last one to end frees the address space. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memory.decUsers();
    }
  }
}
