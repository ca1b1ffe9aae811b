package org.usermem.linux.elf;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * One program header (Elf64_Phdr, elf(5)), as the file has it: nothing in it has been checked.
 *
 * @param type PT_*
 * @param flags PF_X 1, PF_W 2, PF_R 4
 * @param offset of the segment in the file
 * @param address virtual address, before any bias
 * @param fileByteCount bytes of the segment that are in the file
 * @param memoryByteCount bytes of the segment in memory; the rest is zero
 * @param alignment 0, 1, or a power of two
 */
public record ProgramHeader(
    int type,
    int flags,
    long offset,
    long address,
    long fileByteCount,
    long memoryByteCount,
    long alignment) {
  /** Byte count of a header in the file. */
  public static final int BYTE_COUNT = 56;

  /** PT_LOAD. */
  public static final int LOAD = 1;

  /** PT_INTERP. */
  public static final int INTERPRETER = 3;

  /** PT_PHDR. */
  public static final int HEADERS = 6;

  /** PT_GNU_STACK. */
  public static final int GNU_STACK = 0x6474e551;

  /** PF_X. */
  public static final int EXECUTABLE = 1;

  /** PF_W. */
  public static final int WRITABLE = 2;

  /** PF_R. */
  public static final int READABLE = 4;

  static ProgramHeader parse(MemorySegment table, int index) {
    long at = (long) index * BYTE_COUNT;
    return new ProgramHeader(
        table.get(JAVA_INT_UNALIGNED, at),
        table.get(JAVA_INT_UNALIGNED, at + 4),
        table.get(JAVA_LONG_UNALIGNED, at + 8),
        table.get(JAVA_LONG_UNALIGNED, at + 16),
        table.get(JAVA_LONG_UNALIGNED, at + 32),
        table.get(JAVA_LONG_UNALIGNED, at + 40),
        table.get(JAVA_LONG_UNALIGNED, at + 48));
  }

  /** The first address past the segment in memory, before any bias. */
  public long end() {
    return address + memoryByteCount;
  }
}
