package org.usermem.memmap;

import org.usermem.addr.AddrRangeSeq;

/**
 * Ranges of the memory file that are lent for the length of a call, by their offsets: of use only
 * to those who have the memory file.
 */
public interface LentRanges {

  /** Returns how many ranges there are, one or more. */
  int rangeCount();

  /** Returns the offset of the first byte of the first range. */
  long firstStart();

  /** Returns the length of the first range in bytes. */
  long firstByteCount();

  /** Returns all ranges; not to be kept. */
  AddrRangeSeq ranges();
}
