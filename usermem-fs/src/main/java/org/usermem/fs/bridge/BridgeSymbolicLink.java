package org.usermem.fs.bridge;

import java.nio.file.Files;
import org.usermem.fs.FileNames;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/** A symbolic link of a Java file system. */
final class BridgeSymbolicLink extends SymbolicLink {

  private final BridgeNode node;

  BridgeSymbolicLink(BridgeFileSystem fileSystem, BridgeNode node) {
    super(fileSystem, node.number());
    this.node = node;
  }

  BridgeNode node() {
    return node;
  }

  @Override
  public String target() {
    return BridgeNode.call(
        node.path(), path -> FileNames.ofUnicode(Files.readSymbolicLink(path).toString()));
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.show(node.isRemoved() ? 0 : target().length());
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.change(change);
  }
}
