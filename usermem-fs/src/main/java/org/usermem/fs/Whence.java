package org.usermem.fs;

/** What an offset of lseek(2) counts from, in the order of the numbers of Linux. */
public enum Whence {
  /** The start of the file. */
  SET,
  /** The present position. */
  CURRENT,
  /** The end of the file. */
  END,
  /** The next data at or after the offset. */
  DATA,
  /** The next hole at or after the offset; the end of the file counts as one. */
  HOLE
}
