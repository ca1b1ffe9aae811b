package org.usermem.fs.attribute;

/**
 * A change of some attributes of a file, as Linux's {@code struct iattr}. A field counts only if
 * its bit is in {@code mask}. By the time that a file system sees a change it is permitted and
 * complete: the caller has checked permissions, resolved "now" to a time, added the change time,
 * and added the mode where set-user-ID and set-group-ID bits go.
 *
 * @param mask which fields count, bits of the constants here
 * @param mode new permission bits, within 07777
 * @param userId new owner
 * @param groupId new group
 * @param byteSize new size in bytes, not negative
 * @param accessTime nanoseconds since the epoch
 * @param modificationTime nanoseconds since the epoch
 * @param changeTime nanoseconds since the epoch
 */
public record AttributeChange(
    int mask,
    int mode,
    int userId,
    int groupId,
    long byteSize,
    long accessTime,
    long modificationTime,
    long changeTime) {

  /** The mode counts. */
  public static final int MODE = 1;

  /** The owner counts. */
  public static final int USER_ID = 2;

  /** The group counts. */
  public static final int GROUP_ID = 4;

  /** The size counts. */
  public static final int BYTE_SIZE = 8;

  /** The access time counts. */
  public static final int ACCESS_TIME = 16;

  /** The modification time counts. */
  public static final int MODIFICATION_TIME = 32;

  /** The change time counts. */
  public static final int CHANGE_TIME = 64;

  /** The access time is to be the time of the call (UTIME_NOW). */
  public static final int ACCESS_TIME_NOW = 128;

  /** The modification time is to be the time of the call (UTIME_NOW). */
  public static final int MODIFICATION_TIME_NOW = 256;

  /** A change of nothing, to start from. */
  public static final AttributeChange NONE = new AttributeChange(0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * Returns whether a field counts.
   *
   * @param bits constants of this class
   * @return whether at least one of the bits is in the mask
   */
  public boolean changes(int bits) {
    return (mask & bits) != 0;
  }

  /**
   * Adds new permission bits.
   *
   * @param newMode permission bits, within 07777
   * @return a change with the mode too
   */
  public AttributeChange withMode(int newMode) {
    return new AttributeChange(
        mask | MODE, newMode, userId, groupId, byteSize, accessTime, modificationTime, changeTime);
  }

  /**
   * Adds a new owner and group.
   *
   * @param newUserId the owner; -1 leaves it
   * @param newGroupId the group; -1 leaves it
   * @return a change with those too
   */
  public AttributeChange withOwner(int newUserId, int newGroupId) {
    return new AttributeChange(
        mask | (newUserId == -1 ? 0 : USER_ID) | (newGroupId == -1 ? 0 : GROUP_ID),
        mode,
        newUserId,
        newGroupId,
        byteSize,
        accessTime,
        modificationTime,
        changeTime);
  }

  /**
   * Adds a new size.
   *
   * @param newByteSize the size in bytes
   * @return a change with the size too
   */
  public AttributeChange withByteSize(long newByteSize) {
    return new AttributeChange(
        mask | BYTE_SIZE,
        mode,
        userId,
        groupId,
        newByteSize,
        accessTime,
        modificationTime,
        changeTime);
  }

  /**
   * Adds an access time.
   *
   * @param time nanoseconds since the epoch
   * @return a change with the access time too
   */
  public AttributeChange withAccessTime(long time) {
    return new AttributeChange(
        (mask | ACCESS_TIME) & ~ACCESS_TIME_NOW,
        mode,
        userId,
        groupId,
        byteSize,
        time,
        modificationTime,
        changeTime);
  }

  /**
   * Adds a modification time.
   *
   * @param time nanoseconds since the epoch
   * @return a change with the modification time too
   */
  public AttributeChange withModificationTime(long time) {
    return new AttributeChange(
        (mask | MODIFICATION_TIME) & ~MODIFICATION_TIME_NOW,
        mode,
        userId,
        groupId,
        byteSize,
        accessTime,
        time,
        changeTime);
  }

  /**
   * Adds a change time.
   *
   * @param time nanoseconds since the epoch
   * @return a change with the change time too
   */
  public AttributeChange withChangeTime(long time) {
    return new AttributeChange(
        mask | CHANGE_TIME, mode, userId, groupId, byteSize, accessTime, modificationTime, time);
  }

  /**
   * Adds bits that need no field: {@link #ACCESS_TIME_NOW} and {@link #MODIFICATION_TIME_NOW}.
   *
   * @param bits the bits
   * @return a change with those bits too
   */
  public AttributeChange withBits(int bits) {
    return new AttributeChange(
        mask | bits, mode, userId, groupId, byteSize, accessTime, modificationTime, changeTime);
  }

  /**
   * Returns attributes with this change made, but for the size, which is the file's own business.
   *
   * @param old the attributes before
   */
  public FileAttributes appliedTo(FileAttributes old) {
    return new FileAttributes(
        old.device(),
        old.inode(),
        changes(MODE)
            ? (old.mode() & FileMode.TYPE_MASK) | (mode & FileMode.CHANGEABLE)
            : old.mode(),
        old.linkCount(),
        changes(USER_ID) ? userId : old.userId(),
        changes(GROUP_ID) ? groupId : old.groupId(),
        old.specialDevice(),
        old.byteSize(),
        old.blockCount(),
        old.blockByteSize(),
        changes(ACCESS_TIME) ? accessTime : old.accessTime(),
        changes(MODIFICATION_TIME) ? modificationTime : old.modificationTime(),
        changes(CHANGE_TIME) ? changeTime : old.changeTime(),
        old.birthTime(),
        old.flags());
  }
}
