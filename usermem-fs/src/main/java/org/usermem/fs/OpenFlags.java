package org.usermem.fs;

/** Flags of open(2), with their values on Linux x86-64. */
public final class OpenFlags {

  /** Open for reading. */
  public static final int READ_ONLY = 0;

  /** Open for writing. */
  public static final int WRITE_ONLY = 1;

  /** Open for both. */
  public static final int READ_WRITE = 2;

  /**
   * The bits that say how the file is opened. All of them: it can be neither read nor written, but
   * needs the right to both; for ioctl(2).
   */
  public static final int ACCESS_MODE = 3;

  /** Create the file if it does not exist. */
  public static final int CREATE = 0100;

  /** Fail if the file exists. */
  public static final int EXCLUSIVE = 0200;

  /** Do not make a terminal the controlling one. */
  public static final int NO_CONTROLLING_TERMINAL = 0400;

  /** Cut the file to zero bytes. */
  public static final int TRUNCATE = 01000;

  /** Write at the end. */
  public static final int APPEND = 02000;

  /** Do not wait; the kernel's business, file systems never wait. */
  public static final int NON_BLOCKING = 04000;

  /** Write data through. */
  public static final int DATA_SYNC = 010000;

  /** Signal readiness. */
  public static final int ASYNC = 020000;

  /** Bypass caches; on a pipe, packet mode. */
  public static final int DIRECT = 040000;

  /** Allow large files; always so here. */
  public static final int LARGE_FILE = 0100000;

  /** Fail if it is no directory. */
  public static final int DIRECTORY = 0200000;

  /** Fail if the last component is a symbolic link. */
  public static final int NO_FOLLOW = 0400000;

  /** Leave the access time alone. */
  public static final int NO_ACCESS_TIME = 01000000;

  /** Close on exec; the descriptor table's business. */
  public static final int CLOSE_ON_EXEC = 02000000;

  /** Write data and attributes through. */
  public static final int SYNC = 04010000;

  /** A description that only stands for a place (O_PATH). */
  public static final int PATH = 010000000;

  /** A file without a name (O_TMPFILE, which includes O_DIRECTORY). */
  public static final int TEMPORARY = 020200000;

  /** Status flags that fcntl(F_SETFL) can change. */
  public static final int CHANGEABLE = APPEND | NON_BLOCKING | ASYNC | DIRECT | NO_ACCESS_TIME;

  private OpenFlags() {}

  /**
   * Returns whether flags ask for reading.
   *
   * @param flags flags of open(2)
   * @return whether the file is opened for reading
   */
  public static boolean reads(int flags) {
    int mode = flags & ACCESS_MODE;
    return (mode == READ_ONLY || mode == READ_WRITE) && (flags & PATH) == 0;
  }

  /**
   * Returns whether flags ask for writing.
   *
   * @param flags flags of open(2)
   * @return whether the file is opened for writing
   */
  public static boolean writes(int flags) {
    int mode = flags & ACCESS_MODE;
    return (mode == WRITE_ONLY || mode == READ_WRITE) && (flags & PATH) == 0;
  }
}
