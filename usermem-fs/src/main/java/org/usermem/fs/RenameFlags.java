package org.usermem.fs;

/** Flags of renameat2(2), with their values on Linux. */
public final class RenameFlags {

  /** Fail with EEXIST if the new name exists. */
  public static final int NO_REPLACE = 1;

  /** Swap the two. */
  public static final int EXCHANGE = 2;

  /** Leave a whiteout at the old name. */
  public static final int WHITEOUT = 4;

  private RenameFlags() {}
}
