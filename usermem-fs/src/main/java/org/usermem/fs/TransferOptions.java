package org.usermem.fs;

/**
 * What one read or write has beside its bytes: the flags of preadv2(2), and the size that the file
 * may not grow past. A task keeps one value for its plain calls, so that a call makes none.
 *
 * @param flags bits of the constants here
 * @param fileByteLimit the task's RLIMIT_FSIZE in bytes; a write that would start at or past it
 *     fails with EFBIG, one that would cross it is shortened
 */
public record TransferOptions(int flags, long fileByteLimit) {

  /** Poll for completion (RWF_HIPRI). */
  public static final int HIGH_PRIORITY = 0x1;

  /** As if opened with O_DSYNC (RWF_DSYNC). */
  public static final int DATA_SYNC = 0x2;

  /** As if opened with O_SYNC (RWF_SYNC). */
  public static final int SYNC = 0x4;

  /** Do not wait for storage (RWF_NOWAIT). */
  public static final int NO_WAIT = 0x8;

  /** As if opened with O_APPEND (RWF_APPEND). */
  public static final int APPEND = 0x10;

  /** As if opened without O_APPEND (RWF_NOAPPEND). */
  public static final int NO_APPEND = 0x20;

  /** No flags and no limit. */
  public static final TransferOptions DEFAULT = new TransferOptions(0, Long.MAX_VALUE);

  /**
   * Returns whether a flag is set.
   *
   * @param flag a constant of this class
   * @return whether it holds
   */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
