package org.usermem.fs.overlay;

import java.util.List;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.NewFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A symbolic link of an overlay. */
final class OverlaySymbolicLink extends SymbolicLink {

  private final OverlayNode node;
  private final String target;

  OverlaySymbolicLink(OverlayFileSystem fileSystem, SymbolicLink lower) {
    this(fileSystem, new OverlayNode(fileSystem, lower), lower.target());
  }

  OverlaySymbolicLink(OverlayFileSystem fileSystem, String target, NewFile attributes) {
    this(fileSystem, new OverlayNode(fileSystem, FileType.SYMBOLIC_LINK, attributes, 1), target);
  }

  private OverlaySymbolicLink(OverlayFileSystem fileSystem, OverlayNode node, String target) {
    super(fileSystem, node.number());
    this.node = node;
    this.target = target;
  }

  OverlayNode node() {
    return node;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public int mode() {
    return node.mode();
  }

  @Override
  public int userId() {
    return node.userId();
  }

  @Override
  public int groupId() {
    return node.groupId();
  }

  @Override
  public int linkCount() {
    return node.linkCount();
  }

  @Override
  public FileAttributes attributes() {
    return node.show(0, target.length(), 0);
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.change(this, change);
  }

  @Override
  public byte[] extendedAttribute(String name) {
    return node.extendedAttribute(name);
  }

  @Override
  public void setExtendedAttribute(String name, byte[] value, ExtendedAttributeMode mode) {
    node.setExtendedAttribute(this, name, value, mode);
  }

  @Override
  public void removeExtendedAttribute(String name) {
    node.removeExtendedAttribute(this, name);
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
