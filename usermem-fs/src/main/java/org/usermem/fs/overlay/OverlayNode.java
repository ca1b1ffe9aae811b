package org.usermem.fs.overlay;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.ExtendedAttributeMap;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.Inode;
import org.usermem.fs.NewFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.attribute.InodeAttributes;

/**
 * What the inodes of an overlay have in common: the lower inode that they stand for, if there is
 * one, and attributes of their own once something has changed.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
final class OverlayNode {

  private final OverlayFileSystem fileSystem;
  private final @Nullable Inode lower;
  private final long number;
  private volatile @Nullable InodeAttributes own;
  private @Nullable ExtendedAttributeMap extended; // guarded by this

  /** Creates the node of an inode that stands for a lower one. */
  OverlayNode(OverlayFileSystem fileSystem, Inode lower) {
    this.fileSystem = fileSystem;
    this.lower = lower;
    this.number = fileSystem.number(lower.fileSystem(), lower.number());
  }

  /** Creates the node of a new inode. */
  OverlayNode(OverlayFileSystem fileSystem, FileType type, NewFile attributes, int linkCount) {
    this.fileSystem = fileSystem;
    this.lower = null;
    this.number = fileSystem.takeNumber();
    this.own =
        new InodeAttributes(
            type.modeBits() | attributes.permissions(),
            attributes.userId(),
            attributes.groupId(),
            linkCount,
            fileSystem.now());
  }

  static OverlayNode of(Inode inode) {
    return switch (inode) {
      case OverlayFile file -> file.node();
      case OverlayDirectory directory -> directory.node();
      case OverlaySymbolicLink link -> link.node();
      case OverlaySpecialFile special -> special.node();
      default -> throw LinuxException.of(Errno.EXDEV);
    };
  }

  OverlayFileSystem fileSystem() {
    return fileSystem;
  }

  @Nullable Inode lower() {
    return lower;
  }

  long number() {
    return number;
  }

  int mode() {
    InodeAttributes mine = own;
    return mine != null ? mine.mode() : below().mode();
  }

  int userId() {
    InodeAttributes mine = own;
    return mine != null ? mine.userId() : below().userId();
  }

  int groupId() {
    InodeAttributes mine = own;
    return mine != null ? mine.groupId() : below().groupId();
  }

  int linkCount() {
    InodeAttributes mine = own;
    return mine != null ? mine.linkCount() : below().linkCount();
  }

  // Without attributes of its own an inode has a lower one.
  private Inode below() {
    Inode present = lower;
    if (present == null) {
      throw new IllegalStateException("inode " + number + " of an overlay has no attributes");
    }
    return present;
  }

  /** Returns whether there are attributes that differ from those of the lower inode. */
  boolean hasOwn() {
    return own != null;
  }

  /**
   * Returns attributes that can be changed, those of the lower inode at first.
   *
   * @param inode the inode that this belongs to, which is held from now on
   */
  InodeAttributes own(Inode inode) {
    InodeAttributes mine = own;
    return mine != null ? mine : makeOwn(inode);
  }

  private synchronized InodeAttributes makeOwn(Inode inode) {
    InodeAttributes raced = own;
    if (raced != null) {
      return raced;
    }
    Inode below = below();
    InodeAttributes made = new InodeAttributes(below.attributes());
    fileSystem.hold(below, inode);
    own = made;
    return made;
  }

  void change(Inode inode, AttributeChange change) {
    own(inode).apply(change);
  }

  /** Notes that an inode has more names, or fewer. */
  void addLinks(Inode inode, int by) {
    InodeAttributes mine = own(inode);
    mine.addLinks(by, fileSystem.now());
    if (mine.linkCount() <= 0 && lower != null) {
      fileSystem.drop(lower);
    }
  }

  void accessed() {
    InodeAttributes mine = own;
    // What is below is never written to, not even the time when it was read.
    if (mine != null) {
      mine.accessed(fileSystem::now);
    }
  }

  FileAttributes show(long specialDevice, long byteSize, long blockCount) {
    InodeAttributes mine = own;
    if (mine != null) {
      return mine.snapshot(fileSystem.deviceId(), number, specialDevice, byteSize, blockCount);
    }
    return below().attributes().withIdentity(fileSystem.deviceId(), number);
  }

  byte[] extendedAttribute(String name) {
    ExtendedAttributeMap mine = extendedIfAny();
    return mine != null || lower == null ? own(name, mine) : lower.extendedAttribute(name);
  }

  private static byte[] own(String name, @Nullable ExtendedAttributeMap map) {
    if (map == null) {
      throw LinuxException.of(Errno.ENODATA);
    }
    return map.get(name);
  }

  List<String> extendedAttributeNames() {
    ExtendedAttributeMap mine = extendedIfAny();
    if (mine != null) {
      return mine.names();
    }
    return lower == null ? List.of() : lower.extendedAttributeNames();
  }

  void setExtendedAttribute(Inode inode, String name, byte[] value, ExtendedAttributeMode mode) {
    extended(name).set(name, value, mode);
    own(inode).changed(fileSystem.now());
  }

  void removeExtendedAttribute(Inode inode, String name) {
    extended(name).remove(name);
    own(inode).changed(fileSystem.now());
  }

  private synchronized @Nullable ExtendedAttributeMap extendedIfAny() {
    return extended;
  }

  private synchronized ExtendedAttributeMap extended(String name) {
    if (!name.startsWith("user.")
        && !name.startsWith("trusted.")
        && !name.startsWith("security.")) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    }
    ExtendedAttributeMap map = extended;
    if (map == null) {
      map = new ExtendedAttributeMap(fileSystem.extendedAttributeBudget());
      if (lower != null) {
        for (String inherited : lower.extendedAttributeNames()) {
          map.set(inherited, lower.extendedAttribute(inherited), ExtendedAttributeMode.SET);
        }
      }
      extended = map;
    }
    return map;
  }

  /** Gives back what the inode took of its file system's limits. */
  synchronized void dispose() {
    if (extended != null) {
      extended.clear();
    }
    if (lower == null) {
      fileSystem.returnNumber();
    }
  }
}
