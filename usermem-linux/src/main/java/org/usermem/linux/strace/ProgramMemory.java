package org.usermem.linux.strace;

import java.lang.foreign.MemorySegment;

/** The memory of the program whose calls are shown. */
@FunctionalInterface
public interface ProgramMemory {
  /**
   * Copies bytes out of the program.
   *
   * @return how many bytes were readable, from the first on; 0 if none was
   */
  long copyIn(long address, MemorySegment destination);
}
