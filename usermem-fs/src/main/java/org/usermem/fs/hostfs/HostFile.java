package org.usermem.fs.hostfs;

import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.page.CachedFile;

/** A regular file of the host. */
final class HostFile extends CachedFile {

  private final HostNode node;

  HostFile(HostFileSystem fileSystem, HostNode node) {
    super(fileSystem, node.number(), node, fileSystem.retained(), node.known().byteSize());
    this.node = node;
  }

  HostNode node() {
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

  @Override
  public ExtendedAttributes extendedAttributes() {
    return new HostExtendedAttributes(node);
  }
}
