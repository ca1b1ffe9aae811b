package org.usermem.fs.overlay;

import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.NewFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
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
    node.belongsTo(this);
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
  public void accessed() {
    node.accessed();
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.show(0, target.length(), 0);
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
