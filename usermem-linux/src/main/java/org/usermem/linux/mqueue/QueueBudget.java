package org.usermem.linux.mqueue;

import java.util.HashMap;
import java.util.Map;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.linux.sysv.Budget;

/** What queues may take: of their owners' limits, and of the sentry's memory. Thread-safe. */
final class QueueBudget {
  /** The most queues (queues_max). */
  private static final int MAXIMUM_QUEUES = 256;

  private static final int OVERHEAD = 64;

  private final Budget memory;

  // Guarded by this object:
  private final Map<Integer, Long> chargedByUser = new HashMap<>();
  private int queues;

  /**
   * Makes the budget of a namespace.
   *
   * @param memory what messages of all namespaces may take, in bytes
   */
  QueueBudget(Budget memory) {
    this.memory = memory;
  }

  /**
   * Charges a new queue to its owner.
   *
   * @param limit the owner's RLIMIT_MSGQUEUE, unsigned
   * @param isPrivileged whether its maker has CAP_SYS_RESOURCE
   * @throws LinuxException ENOSPC or EMFILE
   */
  synchronized void charge(int user, QueueSize size, long limit, boolean isPrivileged) {
    if (queues >= MAXIMUM_QUEUES && !isPrivileged) {
      throw LinuxException.of(Errno.ENOSPC);
    }
    long charged = chargedByUser.getOrDefault(user, 0L) + size.chargedBytes();
    if (Long.compareUnsigned(charged, limit) > 0) {
      throw LinuxException.of(Errno.EMFILE);
    }
    chargedByUser.put(user, charged);
    queues++;
  }

  /** Gives back what a queue was charged. */
  synchronized void refund(int user, QueueSize size) {
    chargedByUser.merge(user, -size.chargedBytes(), Long::sum);
    queues--;
  }

  void takeMemory(int byteCount) {
    if (!memory.take(byteCount + OVERHEAD)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
  }

  void giveMemoryBack(int byteCount) {
    memory.giveBack(byteCount + OVERHEAD);
  }
}
