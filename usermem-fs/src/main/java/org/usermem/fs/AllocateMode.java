package org.usermem.fs;

/** What fallocate(2) does with a range. */
public enum AllocateMode {
  /** Make sure that there is space, and grow the file to the end of the range. */
  EXTEND,
  /** Make sure that there is space, and keep the size (FALLOC_FL_KEEP_SIZE). */
  KEEP_SIZE,
  /** Free the space; the range reads as zeroes (FALLOC_FL_PUNCH_HOLE with KEEP_SIZE). */
  PUNCH_HOLE,
  /** Make the range read as zeroes and keep space for it, growing the file (ZERO_RANGE). */
  ZERO_RANGE,
  /** The same, keeping the size (ZERO_RANGE with KEEP_SIZE). */
  ZERO_RANGE_KEEP_SIZE,
  /** Cut the range out and move up what follows (COLLAPSE_RANGE). */
  COLLAPSE_RANGE,
  /** Move back what follows to make room for a hole (INSERT_RANGE). */
  INSERT_RANGE
}
