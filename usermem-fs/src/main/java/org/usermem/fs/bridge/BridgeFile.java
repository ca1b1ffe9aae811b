package org.usermem.fs.bridge;

import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.page.CachedFile;

/** A regular file of a Java file system. */
final class BridgeFile extends CachedFile {

  private final BridgeNode node;

  BridgeFile(BridgeFileSystem fileSystem, BridgeNode node) {
    super(fileSystem, node.number(), node, fileSystem.retained(), node.known().byteSize());
    this.node = node;
  }

  BridgeNode node() {
    return node;
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.show(contents().byteSize());
  }

  @Override
  protected void changeStored(AttributeChange change) {
    node.change(change);
  }
}
