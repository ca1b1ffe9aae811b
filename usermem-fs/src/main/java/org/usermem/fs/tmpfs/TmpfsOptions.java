package org.usermem.fs.tmpfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.attribute.FileMode;

/**
 * The options of a tmpfs, as tmpfs(5).
 *
 * @param byteLimit the most bytes that its files take (size=, nr_blocks=)
 * @param inodeLimit the most files (nr_inodes=)
 * @param permissions of the root (mode=)
 * @param userId owner of the root (uid=)
 * @param groupId group of the root (gid=)
 */
public record TmpfsOptions(
    long byteLimit, long inodeLimit, int permissions, int userId, int groupId) {

  /** Files of the sentry's heap cost memory too, so their number has a limit of its own. */
  private static final long DEFAULT_INODE_LIMIT = 500_000;

  /** A tmpfs that anybody may use, limited by the memory file alone. */
  public static final TmpfsOptions DEFAULT =
      new TmpfsOptions(Long.MAX_VALUE, DEFAULT_INODE_LIMIT, 01777, 0, 0);

  /** Returns these options with other permissions and owner of the root. */
  public TmpfsOptions withRoot(int newPermissions, int newUserId, int newGroupId) {
    return new TmpfsOptions(byteLimit, inodeLimit, newPermissions, newUserId, newGroupId);
  }

  /** Returns these options with another limit of bytes. */
  public TmpfsOptions withByteLimit(long newByteLimit) {
    return new TmpfsOptions(newByteLimit, inodeLimit, permissions, userId, groupId);
  }

  /**
   * Reads the data argument of mount(2).
   *
   * @param text options, comma-separated
   * @param userId owner of the root unless the options say otherwise
   * @param groupId group of the root unless the options say otherwise
   * @throws LinuxException EINVAL for an option or value that is not understood
   */
  public static TmpfsOptions parse(String text, int userId, int groupId) {
    TmpfsOptions result = DEFAULT.withRoot(01777, userId, groupId);
    for (String option : text.split(",", -1)) {
      if (!option.isEmpty()) {
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        result = result.with(name, equals < 0 ? "" : option.substring(equals + 1));
      }
    }
    return result;
  }

  private TmpfsOptions with(String name, String value) {
    return switch (name) {
      case "size" -> withByteLimit(byteCount(value));
      case "nr_blocks" -> withByteLimit(byteCount(value) * 4096);
      case "nr_inodes" ->
          new TmpfsOptions(byteLimit, byteCount(value), permissions, userId, groupId);
      case "mode" -> withRoot(number(value, 8) & FileMode.CHANGEABLE, userId, groupId);
      case "uid" -> withRoot(permissions, number(value, 10), groupId);
      case "gid" -> withRoot(permissions, userId, number(value, 10));
      // How pages are placed on a host with several memory nodes, and huge pages: not ours.
      case "huge", "mpol", "noswap", "inode64", "inode32" -> this;
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }

  private static int number(String value, int radix) {
    try {
      return Integer.parseUnsignedInt(value, radix);
    } catch (NumberFormatException e) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  /** A number with a suffix k, m, g or t; 0 means no limit. */
  private static long byteCount(String value) {
    if (value.isEmpty()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int shift =
        switch (value.charAt(value.length() - 1)) {
          case 'k', 'K' -> 10;
          case 'm', 'M' -> 20;
          case 'g', 'G' -> 30;
          case 't', 'T' -> 40;
          default -> 0;
        };
    try {
      long count = Long.parseLong(value, 0, value.length() - (shift == 0 ? 0 : 1), 10);
      if (count < 0 || count > Long.MAX_VALUE >> shift) {
        throw LinuxException.of(Errno.EINVAL);
      }
      return count == 0 ? Long.MAX_VALUE : count << shift;
    } catch (NumberFormatException e) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }
}
