package org.usermem.fs.hostfs;

import org.usermem.fs.SpecialFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/**
 * A FIFO, socket or device node of the host. What it stands for is the sentry's: a guest that opens
 * it gets a pipe or device of the sentry, never one of the host.
 */
final class HostSpecialFile extends SpecialFile {

  private final HostNode node;

  HostSpecialFile(HostFileSystem fileSystem, HostNode node) {
    super(fileSystem, node.number(), node.known().specialDevice());
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
    return node.show(0);
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.change(change);
  }
}
