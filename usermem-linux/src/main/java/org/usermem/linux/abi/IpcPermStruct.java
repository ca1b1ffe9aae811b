package org.usermem.linux.abi;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.mm.shm.IpcPermissions;

/**
 * {@code struct ipc64_perm} (include/uapi/asm-generic/ipcbuf.h), with which each structure of the
 * System V calls begins.
 */
public final class IpcPermStruct {
  /** Length in bytes. */
  public static final int BYTE_COUNT = 48;

  private static final int INDEX_BITS = 15;

  private IpcPermStruct() {}

  /**
   * Writes every byte of the structure.
   *
   * @param id the object's number
   * @param moreModes bits of the mode beside permissions
   */
  public static void encode(
      MemorySegment dst, int id, int key, IpcPermissions permissions, int moreModes) {
    dst.asSlice(0, BYTE_COUNT).fill((byte) 0);
    dst.set(JAVA_INT_UNALIGNED, 0, key);
    dst.set(JAVA_INT_UNALIGNED, 4, permissions.uid());
    dst.set(JAVA_INT_UNALIGNED, 8, permissions.gid());
    dst.set(JAVA_INT_UNALIGNED, 12, permissions.creatorUid());
    dst.set(JAVA_INT_UNALIGNED, 16, permissions.creatorGid());
    dst.set(JAVA_INT_UNALIGNED, 20, permissions.mode() | moreModes);
    dst.set(JAVA_SHORT_UNALIGNED, 24, (short) (id >> INDEX_BITS));
  }

  /** Reads the owner. */
  public static int uid(MemorySegment src) {
    return valid(src.get(JAVA_INT_UNALIGNED, 4));
  }

  /** Reads the owner's group. */
  public static int gid(MemorySegment src) {
    return valid(src.get(JAVA_INT_UNALIGNED, 8));
  }

  /** Reads the mode. */
  public static int mode(MemorySegment src) {
    return src.get(JAVA_INT_UNALIGNED, 20);
  }

  private static int valid(int id) {
    if (id == -1) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return id;
  }
}
