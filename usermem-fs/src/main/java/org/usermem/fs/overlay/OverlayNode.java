package org.usermem.fs.overlay;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.Inode;
import org.usermem.fs.NewFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.attribute.InodeAttributes;

/**
 * What the inodes of an overlay have in common: the lower inode that they stand for, if there is
 * one, and attributes of their own once something has changed.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
final class OverlayNode implements BasicAttributes {

  private final OverlayFileSystem fileSystem;
  private final @Nullable Inode lower;
  private final long number;
  private volatile @Nullable InodeAttributes own;
  private final OverlayExtendedAttributes extended = new OverlayExtendedAttributes(this);

  // Whose node this is: written once, by the constructor of the inode.
  private @Nullable Inode inode;

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

  /** Tells whose node this is, before anybody else knows the inode. */
  void belongsTo(Inode owner) {
    inode = owner;
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

  @Override
  public int mode() {
    InodeAttributes mine = own;
    return mine != null ? mine.mode() : below().mode();
  }

  @Override
  public int userId() {
    InodeAttributes mine = own;
    return mine != null ? mine.userId() : below().userId();
  }

  @Override
  public int groupId() {
    InodeAttributes mine = own;
    return mine != null ? mine.groupId() : below().groupId();
  }

  @Override
  public int linkCount() {
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
   * Returns attributes that can be changed, those of the lower inode at first. From now on the file
   * system holds the inode.
   */
  InodeAttributes own() {
    InodeAttributes mine = own;
    return mine != null ? mine : makeOwn();
  }

  private synchronized InodeAttributes makeOwn() {
    InodeAttributes raced = own;
    if (raced != null) {
      return raced;
    }
    Inode below = below();
    InodeAttributes made = new InodeAttributes(below.attributes());
    fileSystem.hold(below, Objects.requireNonNull(inode));
    own = made;
    return made;
  }

  void change(AttributeChange change) {
    own().apply(change);
  }

  /** Notes that an inode has more names, or fewer. */
  void addLinks(int by) {
    InodeAttributes mine = own();
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

  ExtendedAttributes extendedAttributes() {
    return extended;
  }

  /** Gives back what the inode took of its file system's limits. */
  void dispose() {
    extended.dispose();
    if (lower == null) {
      fileSystem.returnNumber();
    }
  }
}
