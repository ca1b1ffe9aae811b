package org.usermem.fs.tmpfs;

import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.NewFile;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A FIFO, socket or device node in memory. */
final class TmpfsSpecialFile extends SpecialFile {

  private final TmpfsNode node;

  TmpfsSpecialFile(TmpfsFileSystem fileSystem, FileType type, long device, NewFile attributes) {
    super(fileSystem, fileSystem.takeInode(), device);
    this.node = new TmpfsNode(fileSystem, type, attributes, 1);
  }

  TmpfsNode node() {
    return node;
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node.attributes();
  }

  @Override
  public FileAttributes attributes() {
    return node.attributes().snapshot(fileSystem().deviceId(), number(), specialDevice(), 0, 0);
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
