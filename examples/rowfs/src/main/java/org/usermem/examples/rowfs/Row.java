package org.usermem.examples.rowfs;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.attribute.FileType;

/**
 * What is to be known of a row besides its contents.
 *
 * @param id its number, which is the inode number too
 * @param parent the row of the directory that it is in; null for the root and for what was removed
 * @param name its name, in Unicode
 * @param mode type and permissions
 * @param userId the owner
 * @param groupId the group
 * @param accessTime nanoseconds since the epoch, as the other times
 * @param modificationTime when the contents last changed
 * @param changeTime when anything last changed
 * @param byteSize the length of the contents
 */
record Row(
    long id,
    @Nullable Long parent,
    String name,
    int mode,
    int userId,
    int groupId,
    long accessTime,
    long modificationTime,
    long changeTime,
    long byteSize) {

  /** The row of the root. */
  static final long ROOT = 1;

  FileType type() {
    return FileType.ofMode(mode);
  }

  boolean isRemoved() {
    return parent == null && id != ROOT;
  }
}
