package org.usermem.fs.tmpfs;

import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.NewFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A symbolic link in memory. */
final class TmpfsSymbolicLink extends SymbolicLink {

  private final TmpfsNode node;
  private final String target;

  TmpfsSymbolicLink(TmpfsFileSystem fileSystem, String target, NewFile attributes) {
    super(fileSystem, fileSystem.takeInode());
    this.node = new TmpfsNode(fileSystem, FileType.SYMBOLIC_LINK, attributes, 1);
    this.target = target;
  }

  TmpfsNode node() {
    return node;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public void accessed() {
    node.attributes().accessed(fileSystem().context().clock()::nanos);
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node.attributes();
  }

  @Override
  public FileAttributes attributes() {
    return node.attributes().snapshot(fileSystem().deviceId(), number(), 0, target.length(), 0);
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.attributes().apply(change);
  }

  @Override
  public ExtendedAttributes extendedAttributes() {
    return node.extendedAttributes();
  }

  @Override
  protected void dispose() {
    node.dispose();
  }
}
