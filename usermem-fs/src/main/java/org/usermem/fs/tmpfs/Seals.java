package org.usermem.fs.tmpfs;

/** Seals of a file in memory, with the values of fcntl(F_ADD_SEALS). */
public final class Seals {

  /** No more seals can be added. */
  public static final int SEAL = 1;

  /** The file can't shrink. */
  public static final int SHRINK = 2;

  /** The file can't grow. */
  public static final int GROW = 4;

  /** The file can't be written. */
  public static final int WRITE = 8;

  /** The file can't be written but through mappings that exist. */
  public static final int FUTURE_WRITE = 16;

  /** Execute permissions can't change. */
  public static final int EXECUTE = 32;

  /** Every seal. */
  public static final int ALL = 63;

  private Seals() {}
}
