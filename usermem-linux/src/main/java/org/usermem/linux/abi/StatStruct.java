package org.usermem.linux.abi;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.fs.attribute.FileAttributes;

/** {@code struct stat} (arch/x86/include/uapi/asm/stat.h). */
public final class StatStruct {
  /** Length in bytes. */
  public static final int BYTE_COUNT = 144;

  private StatStruct() {}

  /** Writes every byte of the structure. */
  public static void encode(FileAttributes attributes, MemorySegment dst) {
    dst.set(JAVA_LONG_UNALIGNED, 0, attributes.device());
    dst.set(JAVA_LONG_UNALIGNED, 8, attributes.inode());
    dst.set(JAVA_LONG_UNALIGNED, 16, Integer.toUnsignedLong(attributes.linkCount()));
    dst.set(JAVA_INT_UNALIGNED, 24, attributes.mode());
    dst.set(JAVA_INT_UNALIGNED, 28, attributes.userId());
    dst.set(JAVA_INT_UNALIGNED, 32, attributes.groupId());
    dst.set(JAVA_INT_UNALIGNED, 36, 0);
    dst.set(JAVA_LONG_UNALIGNED, 40, attributes.specialDevice());
    dst.set(JAVA_LONG_UNALIGNED, 48, attributes.byteSize());
    dst.set(JAVA_LONG_UNALIGNED, 56, attributes.blockByteSize());
    dst.set(JAVA_LONG_UNALIGNED, 64, attributes.blockCount());
    Timespec.encodeNanoseconds(attributes.accessTime(), dst, 72);
    Timespec.encodeNanoseconds(attributes.modificationTime(), dst, 88);
    Timespec.encodeNanoseconds(attributes.changeTime(), dst, 104);
    dst.asSlice(120, 24).fill((byte) 0);
  }
}
