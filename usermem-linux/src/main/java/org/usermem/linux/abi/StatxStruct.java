package org.usermem.linux.abi;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileAttributes;

/** {@code struct statx} (include/uapi/linux/stat.h). */
public final class StatxStruct {
  /** Length in bytes. */
  public static final int BYTE_COUNT = 256;

  /** What stat(2) gives too (STATX_BASIC_STATS). */
  public static final int BASIC = 0x7ff;

  /** The time of creation (STATX_BTIME). */
  public static final int BIRTH_TIME = 0x800;

  /** The number of the mount (STATX_MNT_ID). */
  public static final int MOUNT_ID = 0x1000;

  private static final long KNOWN_FLAGS =
      FileAttributes.IMMUTABLE | FileAttributes.APPEND_ONLY | FileAttributes.MOUNT_ROOT;

  private StatxStruct() {}

  /**
   * Writes every byte of the structure.
   *
   * @param mountId the number of the mount, or 0 where there is none
   */
  public static void encode(FileAttributes attributes, long mountId, MemorySegment dst) {
    dst.asSlice(0, BYTE_COUNT).fill((byte) 0);
    int birth = attributes.birthTime() != 0 ? BIRTH_TIME : 0;
    int mount = mountId != 0 ? MOUNT_ID : 0;
    dst.set(JAVA_INT_UNALIGNED, 0, BASIC | birth | mount);
    dst.set(JAVA_INT_UNALIGNED, 4, attributes.blockByteSize());
    dst.set(JAVA_LONG_UNALIGNED, 8, attributes.flags() & KNOWN_FLAGS);
    dst.set(JAVA_INT_UNALIGNED, 16, attributes.linkCount());
    dst.set(JAVA_INT_UNALIGNED, 20, attributes.userId());
    dst.set(JAVA_INT_UNALIGNED, 24, attributes.groupId());
    dst.set(JAVA_SHORT_UNALIGNED, 28, (short) attributes.mode());
    dst.set(JAVA_LONG_UNALIGNED, 32, attributes.inode());
    dst.set(JAVA_LONG_UNALIGNED, 40, attributes.byteSize());
    dst.set(JAVA_LONG_UNALIGNED, 48, attributes.blockCount());
    dst.set(JAVA_LONG_UNALIGNED, 56, KNOWN_FLAGS);
    encodeTime(attributes.accessTime(), dst, 64);
    encodeTime(attributes.birthTime(), dst, 80);
    encodeTime(attributes.changeTime(), dst, 96);
    encodeTime(attributes.modificationTime(), dst, 112);
    dst.set(JAVA_INT_UNALIGNED, 128, DeviceNumber.major(attributes.specialDevice()));
    dst.set(JAVA_INT_UNALIGNED, 132, DeviceNumber.minor(attributes.specialDevice()));
    dst.set(JAVA_INT_UNALIGNED, 136, DeviceNumber.major(attributes.device()));
    dst.set(JAVA_INT_UNALIGNED, 140, DeviceNumber.minor(attributes.device()));
    dst.set(JAVA_LONG_UNALIGNED, 144, mountId);
  }

  private static void encodeTime(long nanoseconds, MemorySegment dst, long at) {
    dst.set(JAVA_LONG_UNALIGNED, at, Math.floorDiv(nanoseconds, Timespec.NANOSECONDS));
    dst.set(JAVA_INT_UNALIGNED, at + 8, (int) Math.floorMod(nanoseconds, Timespec.NANOSECONDS));
  }
}
