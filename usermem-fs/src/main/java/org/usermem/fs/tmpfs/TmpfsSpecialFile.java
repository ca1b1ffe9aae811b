package org.usermem.fs.tmpfs;

import java.util.List;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.NewFile;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.attribute.AttributeChange;
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
  public int mode() {
    return node.attributes().mode();
  }

  @Override
  public int userId() {
    return node.attributes().userId();
  }

  @Override
  public int groupId() {
    return node.attributes().groupId();
  }

  @Override
  public int linkCount() {
    return node.attributes().linkCount();
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
  public byte[] extendedAttribute(String name) {
    return node.extendedAttribute(name);
  }

  @Override
  public void setExtendedAttribute(String name, byte[] value, ExtendedAttributeMode mode) {
    node.setExtendedAttribute(name, value, mode);
  }

  @Override
  public void removeExtendedAttribute(String name) {
    node.removeExtendedAttribute(name);
  }

  @Override
  public List<String> extendedAttributeNames() {
    return node.extendedAttributeNames();
  }

  @Override
  protected void dispose() {
    node.dispose();
  }
}
