package org.usermem.fs.bridge;

import java.nio.file.Files;
import org.usermem.fs.FileNames;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;

/** A symbolic link of a Java file system. */
final class BridgeSymbolicLink extends SymbolicLink {

  private final BridgeFileSystem fileSystem;
  private final BridgeNode node;

  BridgeSymbolicLink(BridgeFileSystem fileSystem, BridgeNode node) {
    super(fileSystem, node.number());
    this.fileSystem = fileSystem;
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
  public int mode() {
    return node.known().mode();
  }

  @Override
  public int userId() {
    return fileSystem.bridgeOptions().userId();
  }

  @Override
  public int groupId() {
    return fileSystem.bridgeOptions().groupId();
  }

  @Override
  public int linkCount() {
    return node.isRemoved() ? 0 : 1;
  }

  @Override
  public FileAttributes attributes() {
    return node.show(1, node.isRemoved() ? 0 : target().length());
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.change(change);
  }
}
