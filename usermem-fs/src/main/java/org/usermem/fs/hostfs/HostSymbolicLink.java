package org.usermem.fs.hostfs;

import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/** A symbolic link of the host. Only its text is used; the host never follows it. */
final class HostSymbolicLink extends SymbolicLink {

  private final HostNode node;
  private volatile @Nullable String target;

  HostSymbolicLink(HostFileSystem fileSystem, HostNode node) {
    super(fileSystem, node.number());
    this.node = node;
  }

  HostNode node() {
    return node;
  }

  // The text of a link never changes.
  @Override
  public String target() {
    String known = target;
    if (known == null) {
      known =
          node.at(
              (directory, name) -> HostNames.ofPath(Files.readSymbolicLink(directory.at(name))));
      target = known;
    }
    return known;
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.show(node.current().byteSize());
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.change(change);
  }
}
