package org.usermem.linux.elf;

import java.lang.foreign.MemorySegment;

/** The bytes of a file that is about to be executed. */
@FunctionalInterface
public interface ExecutableBytes {
  /**
   * Reads from a position until {@code destination} is full or the file ends.
   *
   * @param position offset in the file, not negative
   * @return the number of bytes read; less than asked only at the end of the file
   */
  long read(long position, MemorySegment destination);
}
