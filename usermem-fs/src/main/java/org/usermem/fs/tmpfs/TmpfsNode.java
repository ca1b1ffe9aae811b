package org.usermem.fs.tmpfs;

import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.ExtendedAttributeMap;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.Inode;
import org.usermem.fs.NewFile;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.attribute.InodeAttributes;

/** What the inodes of a tmpfs have in common, whatever their kind: attributes in memory. */
final class TmpfsNode {

  private final TmpfsFileSystem fileSystem;
  private final InodeAttributes attributes;
  private @Nullable ExtendedAttributeMap extended; // guarded by this

  TmpfsNode(TmpfsFileSystem fileSystem, FileType type, NewFile attributes, int linkCount) {
    this.fileSystem = fileSystem;
    this.attributes =
        new InodeAttributes(
            type.modeBits() | attributes.permissions(),
            attributes.userId(),
            attributes.groupId(),
            linkCount,
            fileSystem.now());
  }

  /** Returns the node of an inode that belongs to a tmpfs. */
  static TmpfsNode of(Inode inode) {
    return switch (inode) {
      case TmpfsFile file -> file.node();
      case TmpfsDirectory directory -> directory.node();
      case TmpfsSymbolicLink link -> link.node();
      case TmpfsSpecialFile special -> special.node();
      default -> throw LinuxException.of(Errno.EXDEV);
    };
  }

  InodeAttributes attributes() {
    return attributes;
  }

  void addLinks(int by) {
    attributes.addLinks(by, fileSystem.now());
  }

  synchronized ExtendedAttributes extendedAttributes() {
    ExtendedAttributeMap map = extended;
    if (map == null) {
      map =
          new ExtendedAttributeMap(
              fileSystem.extendedAttributeBudget(), () -> attributes.changed(fileSystem.now()));
      extended = map;
    }
    return map;
  }

  /** Gives back what the inode took of its file system's limits. */
  synchronized void dispose() {
    if (extended != null) {
      extended.clear();
    }
    fileSystem.returnInode();
  }
}
