package org.usermem.kernel;

import org.usermem.fs.access.Capability;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceLimits;
import org.usermem.mm.MemoryLimits;
import org.usermem.mm.MemoryManager;

/** Holds an address space to the limits of the process that it belongs to. */
final class ProcessMemoryLimits {

  private ProcessMemoryLimits() {}

  static void attach(ThreadGroup group, MemoryManager memory) {
    memory.useLimits(() -> of(group));
  }

  private static MemoryLimits of(ThreadGroup group) {
    ResourceLimits limits = group.limits();
    return new MemoryLimits(
        limits.current(Resource.AS),
        limits.current(Resource.DATA),
        limits.current(Resource.STACK),
        limits.current(Resource.MEMLOCK),
        group.leader().credentials().has(Capability.IPC_LOCK),
        MemoryLimits.DEFAULT_MAP_COUNT);
  }
}
