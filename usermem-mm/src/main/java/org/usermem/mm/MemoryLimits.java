package org.usermem.mm;

/**
 * The limits that operations on an address space are held to, those of the calling task.
 *
 * @param addressSpace RLIMIT_AS in bytes
 * @param data RLIMIT_DATA in bytes
 * @param stack RLIMIT_STACK in bytes
 * @param locked RLIMIT_MEMLOCK in bytes
 * @param mayLock whether the caller has CAP_IPC_LOCK, to which RLIMIT_MEMLOCK does not apply
 * @param mapCount vm.max_map_count
 */
public record MemoryLimits(
    long addressSpace, long data, long stack, long locked, boolean mayLock, int mapCount) {

  /** The default of vm.max_map_count. */
  public static final int DEFAULT_MAP_COUNT = 65530;

  /** No limit. */
  public static final long INFINITE = Long.MAX_VALUE;

  /** The limits of a privileged task without any set. */
  public static final MemoryLimits NONE =
      new MemoryLimits(INFINITE, INFINITE, INFINITE, INFINITE, true, DEFAULT_MAP_COUNT);

  /** Takes RLIM_INFINITY, which as a signed number is -1, for {@link #INFINITE}. */
  public MemoryLimits {
    addressSpace = addressSpace < 0 ? INFINITE : addressSpace;
    data = data < 0 ? INFINITE : data;
    stack = stack < 0 ? INFINITE : stack;
    locked = locked < 0 ? INFINITE : locked;
  }
}
