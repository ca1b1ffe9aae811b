package org.usermem.kernel;

import org.usermem.platform.Platform;
import org.usermem.platform.memory.HostMemoryFile;

/**
 * What a kernel is made of.
 *
 * @param platform runs programs
 * @param memoryFile where all memory of programs is
 * @param architecture what depends on the ABI
 * @param syscalls the system calls
 * @param maximumTasks how many tasks there may be at once
 * @param processors how many processors programs see
 * @param hostName the name of the machine
 */
public record KernelOptions(
    Platform platform,
    HostMemoryFile memoryFile,
    Architecture architecture,
    SyscallTable syscalls,
    int maximumTasks,
    int processors,
    String hostName) {

  /** How many tasks there may be if nobody says otherwise. */
  public static final int DEFAULT_MAXIMUM_TASKS = 4096;

  /**
   * Returns options with the usual limits.
   *
   * @param platform runs programs
   * @param memoryFile where all memory of programs is
   * @param architecture what depends on the ABI
   * @param syscalls the system calls
   */
  public static KernelOptions of(
      Platform platform,
      HostMemoryFile memoryFile,
      Architecture architecture,
      SyscallTable syscalls) {
    return new KernelOptions(
        platform,
        memoryFile,
        architecture,
        syscalls,
        DEFAULT_MAXIMUM_TASKS,
        Runtime.getRuntime().availableProcessors(),
        "usermem");
  }
}
