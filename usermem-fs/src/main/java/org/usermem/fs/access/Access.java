package org.usermem.fs.access;

import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.attribute.FileType;

/**
 * Permission checks on mode bits, as {@code generic_permission} and its neighbours in Linux's
 * {@code fs/namei.c}.
 */
public final class Access {

  /** Execute a file, search a directory. */
  public static final int EXECUTE = 1;

  /** Write a file, change the entries of a directory. */
  public static final int WRITE = 2;

  /** Read a file, list a directory. */
  public static final int READ = 4;

  private Access() {}

  /**
   * Returns whether mode bits and capabilities permit an access.
   *
   * @param credentials who asks
   * @param mode type and permissions of the file
   * @param userId its owner
   * @param groupId its group
   * @param wanted bits of {@link #READ}, {@link #WRITE} and {@link #EXECUTE}
   * @return whether all of the wanted access is permitted
   */
  public static boolean permits(
      Credentials credentials, int mode, int userId, int groupId, int wanted) {
    int granted;
    if (credentials.userId() == userId) {
      granted = mode >>> 6;
    } else if (credentials.inGroup(groupId)) {
      granted = mode >>> 3;
    } else {
      granted = mode;
    }
    return (wanted & ~granted & 7) == 0 || permitsByCapability(credentials, mode, wanted);
  }

  private static boolean permitsByCapability(Credentials credentials, int mode, int wanted) {
    boolean directory = FileType.ofMode(mode) == FileType.DIRECTORY;
    if ((wanted & WRITE) == 0
        && (directory || wanted == READ)
        && credentials.has(Capability.DAC_READ_SEARCH)) {
      return true;
    }
    boolean executable = directory || (mode & FileMode.ANY_EXECUTE) != 0;
    return ((wanted & EXECUTE) == 0 || executable) && credentials.has(Capability.DAC_OVERRIDE);
  }
}
