package org.usermem.fs.tmpfs;

import java.util.List;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.NewFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
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
    return node.attributes().snapshot(fileSystem().deviceId(), number(), 0, target.length(), 0);
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
