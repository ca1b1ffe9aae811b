package org.usermem.linux.pseudo;

import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.sequence.Sink;

/**
 * A regular file without storage; what can be read and written is the business of its descriptions.
 */
public abstract class PseudoFile extends RegularFile {
  private final PseudoAttributes attributes;

  /** Makes a file. */
  protected PseudoFile(
      PseudoFileSystem fileSystem, long number, int permissions, PseudoOwner owner) {
    super(fileSystem, number);
    this.attributes = PseudoAttributes.of(FileType.REGULAR, permissions, owner);
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
  public final BasicAttributes basicAttributes() {
    return attributes;
  }

  @Override
  public final FileAttributes attributes() {
    return PseudoAttributes.all(this);
  }

  /** Accepts and forgets: opening with O_TRUNC must not fail. */
  @Override
  public final void setAttributes(AttributeChange change) {}
}
