package org.usermem.linux.abi;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.fs.attribute.FileSystemAttributes;

/** {@code struct statfs} (include/uapi/asm-generic/statfs.h). */
public final class StatfsStruct {
  /** Length in bytes. */
  public static final int BYTE_COUNT = 120;

  private static final long FLAGS_ARE_VALID = 0x20;

  private StatfsStruct() {}

  /**
   * Writes every byte of the structure.
   *
   * @param flags ST_* of the mount
   */
  public static void encode(FileSystemAttributes attributes, long flags, MemorySegment dst) {
    dst.asSlice(0, BYTE_COUNT).fill((byte) 0);
    dst.set(JAVA_LONG_UNALIGNED, 0, attributes.magic());
    dst.set(JAVA_LONG_UNALIGNED, 8, attributes.blockByteSize());
    dst.set(JAVA_LONG_UNALIGNED, 16, attributes.blockCount());
    dst.set(JAVA_LONG_UNALIGNED, 24, attributes.freeBlockCount());
    dst.set(JAVA_LONG_UNALIGNED, 32, attributes.availableBlockCount());
    dst.set(JAVA_LONG_UNALIGNED, 40, attributes.fileCount());
    dst.set(JAVA_LONG_UNALIGNED, 48, attributes.freeFileCount());
    dst.set(JAVA_LONG_UNALIGNED, 64, attributes.nameByteLimit());
    dst.set(JAVA_LONG_UNALIGNED, 72, attributes.blockByteSize());
    dst.set(JAVA_LONG_UNALIGNED, 80, flags | FLAGS_ARE_VALID);
  }
}
