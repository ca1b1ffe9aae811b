package org.usermem.linux.memory;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.platform.HostBarrier;

/**
 * membarrier(2); kernel/sched/membarrier.c. Threads of a guest are threads of the host, so the
 * host's own call makes the barrier, for all of them at once.
 */
public final class MembarrierCalls {
  private static final int QUERY = 0;
  private static final int GLOBAL = 1;
  private static final int GLOBAL_EXPEDITED = 1 << 1;
  private static final int REGISTER_GLOBAL_EXPEDITED = 1 << 2;
  private static final int PRIVATE_EXPEDITED = 1 << 3;
  private static final int REGISTER_PRIVATE_EXPEDITED = 1 << 4;
  private static final int PRIVATE_EXPEDITED_SYNC_CORE = 1 << 5;
  private static final int REGISTER_PRIVATE_EXPEDITED_SYNC_CORE = 1 << 6;
  private static final int GET_REGISTRATIONS = 1 << 9;

  private static final int SUPPORTED =
      GLOBAL
          | GLOBAL_EXPEDITED
          | REGISTER_GLOBAL_EXPEDITED
          | PRIVATE_EXPEDITED
          | REGISTER_PRIVATE_EXPEDITED
          | PRIVATE_EXPEDITED_SYNC_CORE
          | REGISTER_PRIVATE_EXPEDITED_SYNC_CORE
          | GET_REGISTRATIONS;

  private MembarrierCalls() {}

  /** membarrier(cmd, flags, cpu_id). */
  public static long membarrier(Task task, SyscallArguments args) {
    int command = args.asInt(0);
    if (args.asInt(1) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    switch (command) {
      case QUERY -> {
        return HostBarrier.isSupported() ? SUPPORTED : GET_REGISTRATIONS;
      }
      case GLOBAL, GLOBAL_EXPEDITED -> HostBarrier.onAllThreads();
      case PRIVATE_EXPEDITED -> barrier(task, REGISTER_PRIVATE_EXPEDITED);
      case PRIVATE_EXPEDITED_SYNC_CORE -> barrier(task, REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
      case REGISTER_GLOBAL_EXPEDITED,
          REGISTER_PRIVATE_EXPEDITED,
          REGISTER_PRIVATE_EXPEDITED_SYNC_CORE ->
          task.memoryManager().registerMembarrier(command);
      case GET_REGISTRATIONS -> {
        return task.memoryManager().membarrierRegistrations();
      }
      default -> throw LinuxException.of(Errno.EINVAL);
    }
    return 0;
  }

  private static void barrier(Task task, int registration) {
    if ((task.memoryManager().membarrierRegistrations() & registration) == 0) {
      throw LinuxException.of(Errno.EPERM);
    }
    HostBarrier.onAllThreads();
  }
}
