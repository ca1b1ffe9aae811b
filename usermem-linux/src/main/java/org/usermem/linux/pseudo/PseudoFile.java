package org.usermem.linux.pseudo;

import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.sequence.Sink;

/**
 * A regular file without storage; what can be read and written is the business of its descriptions.
 */
public abstract class PseudoFile extends RegularFile {
  private final PseudoOwner owner;
  private final int permissions;

  /** Makes a file. */
  protected PseudoFile(
      PseudoFileSystem fileSystem, long number, int permissions, PseudoOwner owner) {
    super(fileSystem, number);
    this.permissions = permissions;
    this.owner = owner;
  }

  @Override
  public abstract FileDescription open(OpenRequest request);

  @Override
  public final long readAt(Sink dst, long offset) {
    throw new UnsupportedOperationException("read by description");
  }

  @Override
  public final long byteSize() {
    return 0;
  }

  @Override
  public final int mode() {
    return FileType.REGULAR.modeBits() | permissions;
  }

  @Override
  public final int userId() {
    return owner.userId();
  }

  @Override
  public final int groupId() {
    return owner.groupId();
  }

  @Override
  public final int linkCount() {
    return 1;
  }

  @Override
  public final FileAttributes attributes() {
    return PseudoAttributes.of(fileSystem(), number(), mode(), owner);
  }

  /** Accepts and forgets: opening with O_TRUNC must not fail. */
  @Override
  public final void setAttributes(AttributeChange change) {}
}
