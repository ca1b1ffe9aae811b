package org.usermem.linux.misc;

import org.usermem.kernel.Kernel;

/** How much memory programs see. */
public final class SystemMemory {
  private SystemMemory() {}

  /** All memory: the limit of the memory file. */
  public static long totalBytes(Kernel kernel) {
    return kernel.memoryFile().options().limitBytes();
  }
}
