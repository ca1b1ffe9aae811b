package org.usermem.mm.view;

import org.usermem.addr.AccessType;

/**
 * An area as it was at one moment.
 *
 * @param start the first address
 * @param end the address after the last
 * @param access what the program may do
 * @param isShared MAP_SHARED
 * @param offset offset in bytes in what is mapped; 0 where that is memory only
 * @param deviceId device of the file, as stat(2) encodes it; 0 where there is none
 * @param inodeId number of the inode; 0 where there is none
 * @param name path or name, one char a byte; empty where there is none
 * @param flags two-letter names of the flags as smaps shows them, in its order, each followed by a
 *     space
 * @param isLocked whether pages are locked
 * @param residency which pages are there
 */
public record VmaView(
    long start,
    long end,
    AccessType access,
    boolean isShared,
    long offset,
    long deviceId,
    long inodeId,
    String name,
    String flags,
    boolean isLocked,
    Residency residency) {

  /**
   * Returns the area under another name.
   *
   * @param otherName path or name, one char a byte
   */
  public VmaView withName(String otherName) {
    return new VmaView(
        start, end, access, isShared, offset, deviceId, inodeId, otherName, flags, isLocked,
        residency);
  }

  /** Returns the number of bytes of addresses. */
  public long byteCount() {
    return end - start;
  }
}
