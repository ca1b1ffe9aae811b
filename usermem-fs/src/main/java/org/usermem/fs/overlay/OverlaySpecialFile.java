package org.usermem.fs.overlay;

import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.NewFile;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
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
    node.belongsTo(this);
  }

  OverlayNode node() {
    return node;
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.show(specialDevice(), 0, 0);
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.change(change);
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
