package org.usermem.memmap;

import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;

/**
 * Where in the memory file a part of a mappable is.
 *
 * @param source the part; not empty, aligned to pages
 * @param fileOffset the offset in the memory file of its first byte; aligned to pages
 * @param access the ways in which the pages may be mapped and accessed
 */
public record Translation(MappableRange source, long fileOffset, AccessType access) {

  /**
   * Makes a translation.
   *
   * @throws IllegalArgumentException if the source is empty, or source or offset are not aligned
   */
  public Translation {
    if (source.isEmpty() || !source.isPageAligned()) {
      throw new IllegalArgumentException(
          "source " + source + " of a translation is empty or not aligned to pages");
    }
    if (!Addr.isPageAligned(fileOffset)) {
      throw new IllegalArgumentException(
          "offset " + Addr.toString(fileOffset) + " of a translation is not aligned to pages");
    }
  }

  /** Returns the range of the memory file. */
  public FileRange fileRange() {
    return FileRange.of(fileOffset, source.byteCount());
  }
}
