package org.usermem.linux.pseudo;

import org.usermem.fs.FileSystem;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** Attributes of files that have no storage: their size is 0 and their times are now. */
final class PseudoAttributes {
  private static final int BLOCK = 1024;

  private PseudoAttributes() {}

  static FileAttributes of(FileSystem fileSystem, long number, int mode, PseudoOwner owner) {
    long now = fileSystem.context().clock().nanos();
    int links = FileType.ofMode(mode) == FileType.DIRECTORY ? 2 : 1;
    return new FileAttributes(
        fileSystem.deviceId(),
        number,
        mode,
        links,
        owner.userId(),
        owner.groupId(),
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
}
