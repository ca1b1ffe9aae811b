package org.usermem.fs.attribute;

/**
 * What statx(2) says about a file. Times are nanoseconds since the epoch; they may be negative.
 *
 * @param device the number of the device that holds the file, see {@link DeviceNumber}
 * @param inode the inode number, unique within the device
 * @param mode type and permissions
 * @param linkCount the number of hard links
 * @param userId the owner
 * @param groupId the group
 * @param specialDevice the device that the file stands for; 0 if it is no device
 * @param byteSize the size in bytes; of a symbolic link, the length of its target
 * @param blockCount the space taken, in units of 512 bytes
 * @param blockByteSize the preferred size of transfers, in bytes
 * @param accessTime when it was last read
 * @param modificationTime when its bytes last changed
 * @param changeTime when its bytes or attributes last changed
 * @param birthTime when it was created; 0 if that is not known
 * @param flags STATX_ATTR_* bits that hold
 */
public record FileAttributes(
    long device,
    long inode,
    int mode,
    int linkCount,
    int userId,
    int groupId,
    long specialDevice,
    long byteSize,
    long blockCount,
    int blockByteSize,
    long accessTime,
    long modificationTime,
    long changeTime,
    long birthTime,
    long flags)
    implements BasicAttributes {

  /** STATX_ATTR_IMMUTABLE. */
  public static final long IMMUTABLE = 0x10;

  /** STATX_ATTR_APPEND. */
  public static final long APPEND_ONLY = 0x20;

  /** STATX_ATTR_MOUNT_ROOT. */
  public static final long MOUNT_ROOT = 0x2000;

  /**
   * Returns the type that the mode says.
   *
   * @return the type
   */
  public FileType type() {
    return FileType.ofMode(mode);
  }

  /**
   * Returns these attributes as seen on another device, for file systems that show another one's
   * files.
   *
   * @param newDevice the device number
   * @param newInode the inode number
   * @return attributes that differ in those two only
   */
  public FileAttributes withIdentity(long newDevice, long newInode) {
    return new FileAttributes(
        newDevice,
        newInode,
        mode,
        linkCount,
        userId,
        groupId,
        specialDevice,
        byteSize,
        blockCount,
        blockByteSize,
        accessTime,
        modificationTime,
        changeTime,
        birthTime,
        flags);
  }

  /**
   * Returns these attributes with another size.
   *
   * @param newByteSize the size in bytes
   * @return attributes that differ in that only
   */
  public FileAttributes withByteSize(long newByteSize) {
    return new FileAttributes(
        device,
        inode,
        mode,
        linkCount,
        userId,
        groupId,
        specialDevice,
        newByteSize,
        blockCount,
        blockByteSize,
        accessTime,
        modificationTime,
        changeTime,
        birthTime,
        flags);
  }

  /**
   * Returns these attributes with another number of hard links.
   *
   * @param newLinkCount the number
   * @param linkedAt when it was changed; the change time is not before that
   * @return attributes that differ in that only
   */
  public FileAttributes withLinkCount(int newLinkCount, long linkedAt) {
    return new FileAttributes(
        device,
        inode,
        mode,
        newLinkCount,
        userId,
        groupId,
        specialDevice,
        byteSize,
        blockCount,
        blockByteSize,
        accessTime,
        modificationTime,
        Math.max(changeTime, linkedAt),
        birthTime,
        flags);
  }

  /**
   * Returns these attributes with more flags.
   *
   * @param more STATX_ATTR_* bits
   * @return attributes with those bits set too
   */
  public FileAttributes withFlags(long more) {
    return new FileAttributes(
        device,
        inode,
        mode,
        linkCount,
        userId,
        groupId,
        specialDevice,
        byteSize,
        blockCount,
        blockByteSize,
        accessTime,
        modificationTime,
        changeTime,
        birthTime,
        flags | more);
  }
}
