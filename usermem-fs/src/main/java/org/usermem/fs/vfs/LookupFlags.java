package org.usermem.fs.vfs;

/** How a path is walked: the AT_* flags and the RESOLVE_* flags of openat2(2), as one set. */
public final class LookupFlags {

  /** Follow the last component if it is a symbolic link, as most calls do. */
  public static final int FOLLOW = 1;

  /** An empty path means the place where the walk starts (AT_EMPTY_PATH). */
  public static final int EMPTY_PATH = 2;

  /** What the path leads to must be a directory. */
  public static final int DIRECTORY = 4;

  /** Do not cross mount points (RESOLVE_NO_XDEV). */
  public static final int NO_MOUNTS = 8;

  /** Follow no magic links, such as those of /proc/PID/fd (RESOLVE_NO_MAGICLINKS). */
  public static final int NO_MAGIC_LINKS = 16;

  /** Follow no symbolic links at all (RESOLVE_NO_SYMLINKS). */
  public static final int NO_SYMBOLIC_LINKS = 32;

  /** Fail with EXDEV where the walk would leave the place where it starts (RESOLVE_BENEATH). */
  public static final int BENEATH = 64;

  /** Treat the place where the walk starts as the root (RESOLVE_IN_ROOT). */
  public static final int IN_ROOT = 128;

  private LookupFlags() {}
}
