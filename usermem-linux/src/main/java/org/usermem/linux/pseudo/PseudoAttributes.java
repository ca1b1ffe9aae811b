package org.usermem.linux.pseudo;

import org.usermem.fs.Inode;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/**
 * Attributes of files that have no storage: their size is 0 and their times are now.
 *
 * @param mode type and permissions
 * @param owner whose the file is
 * @param linkCount number of links
 */
record PseudoAttributes(int mode, PseudoOwner owner, int linkCount) implements BasicAttributes {

  private static final int BLOCK = 1024;

  static PseudoAttributes of(FileType type, int permissions, PseudoOwner owner) {
    return new PseudoAttributes(
        type.modeBits() | permissions, owner, type == FileType.DIRECTORY ? 2 : 1);
  }

  /** Returns those of a directory with a number of directories in it. */
  static PseudoAttributes ofDirectory(int permissions, PseudoOwner owner, int subdirectoryCount) {
    return new PseudoAttributes(
        FileType.DIRECTORY.modeBits() | permissions, owner, 2 + subdirectoryCount);
  }

  /** Returns all attributes of an inode that has such basic ones. */
  static FileAttributes all(Inode inode) {
    long now = inode.fileSystem().context().clock().nanos();
    return new FileAttributes(
        inode.fileSystem().deviceId(),
        inode.number(),
        inode.mode(),
        inode.linkCount(),
        inode.userId(),
        inode.groupId(),
        0,
        0,
        0,
        BLOCK,
        now,
        now,
        now,
        0,
        0);
  }

  @Override
  public int userId() {
    return owner.userId();
  }

  @Override
  public int groupId() {
    return owner.groupId();
  }
}
