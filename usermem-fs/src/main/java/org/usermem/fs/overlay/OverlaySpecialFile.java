package org.usermem.fs.overlay;

import java.util.List;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.NewFile;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A FIFO, socket or device node of an overlay. */
final class OverlaySpecialFile extends SpecialFile {

  private final OverlayNode node;

  OverlaySpecialFile(OverlayFileSystem fileSystem, SpecialFile lower) {
    this(fileSystem, new OverlayNode(fileSystem, lower), lower.specialDevice());
  }

  OverlaySpecialFile(
      OverlayFileSystem fileSystem, FileType type, long specialDevice, NewFile attributes) {
    this(fileSystem, new OverlayNode(fileSystem, type, attributes, 1), specialDevice);
  }

  private OverlaySpecialFile(OverlayFileSystem fileSystem, OverlayNode node, long specialDevice) {
    super(fileSystem, node.number(), specialDevice);
    this.node = node;
  }

  OverlayNode node() {
    return node;
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
    return node.show(specialDevice(), 0, 0);
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
