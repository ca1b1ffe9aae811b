package org.usermem.fs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/**
 * The inode of a description without a file behind it: a pipe, an eventfd, an epoll instance. It
 * has attributes in memory and no name.
 */
public class AnonymousInode extends Inode {

  private volatile FileAttributes attributes;

  /**
   * Creates an inode.
   *
   * @param fileSystem the file system that anonymous inodes belong to
   * @param number its inode number
   * @param mode type and permissions
   * @param userId the owner
   * @param groupId the group
   */
  public AnonymousInode(FileSystem fileSystem, long number, int mode, int userId, int groupId) {
    super(fileSystem, number);
    long now = fileSystem.context().clock().nanos();
    this.attributes =
        new FileAttributes(
            fileSystem.deviceId(),
            number,
            mode,
            1,
            userId,
            groupId,
            0,
            0,
            0,
            4096,
            now,
            now,
            now,
            0,
            0);
  }

  @Override
  public final BasicAttributes basicAttributes() {
    return attributes;
  }

  @Override
  public FileAttributes attributes() {
    return attributes;
  }

  @Override
  public final synchronized void setAttributes(AttributeChange change) {
    attributes = change.appliedTo(attributes);
  }

  /** Fails: by default there is no second way to what an anonymous inode stands for. */
  @Override
  public FileDescription open(OpenRequest request) {
    throw LinuxException.of(Errno.ENXIO);
  }
}
