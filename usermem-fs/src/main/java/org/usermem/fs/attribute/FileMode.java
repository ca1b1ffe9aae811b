package org.usermem.fs.attribute;

/** Bits of {@code st_mode} beside the type: permissions, set-user-ID, set-group-ID and sticky. */
public final class FileMode {

  /** The bits that say the type. */
  public static final int TYPE_MASK = 0xF000;

  /** Everything that chmod(2) can set. */
  public static final int CHANGEABLE = 07777;

  /** Read, write and execute for everybody. */
  public static final int ALL_PERMISSIONS = 0777;

  /** Set-user-ID on execution. */
  public static final int SET_USER_ID = 04000;

  /** Set-group-ID on execution; on a directory, new files take its group. */
  public static final int SET_GROUP_ID = 02000;

  /** In a directory, files can be removed only by their owner. */
  public static final int STICKY = 01000;

  /** Executable by its group; with {@link #SET_GROUP_ID} it makes that bit effective. */
  public static final int GROUP_EXECUTE = 0010;

  /** Executable by anybody at all. */
  public static final int ANY_EXECUTE = 0111;

  private FileMode() {}

  /**
   * Returns what is left of a mode when the file is written to or given away: set-user-ID goes, and
   * so does set-group-ID where it is effective ({@code should_remove_suid} of Linux).
   *
   * @param mode a mode
   * @return the mode without those bits
   */
  public static int withoutPrivileges(int mode) {
    int result = mode & ~SET_USER_ID;
    return (mode & (SET_GROUP_ID | GROUP_EXECUTE)) == (SET_GROUP_ID | GROUP_EXECUTE)
        ? result & ~SET_GROUP_ID
        : result;
  }
}
