package org.usermem.examples.rowfs;

import java.nio.charset.StandardCharsets;
import org.usermem.fs.FileNames;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/** A row as a symbolic link: its contents are the target. */
final class RowLink extends SymbolicLink {

  private final RowNode node;

  RowLink(RowNode node) {
    super(node.fileSystem(), node.id());
    this.node = node;
  }

  @Override
  public String target() {
    byte[] bytes = node.fileSystem().rows().read(number(), 0, FileNames.PATH_BYTE_LIMIT - 1);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public BasicAttributes basicAttributes() {
    return node;
  }

  @Override
  public FileAttributes attributes() {
    return node.attributes();
  }

  @Override
  public void setAttributes(AttributeChange change) {
    node.setAttributes(change);
  }

  @Override
  protected void dispose() {
    node.dispose();
  }
}
