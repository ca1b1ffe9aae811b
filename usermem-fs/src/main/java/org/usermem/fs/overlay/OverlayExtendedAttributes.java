package org.usermem.fs.overlay;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.ExtendedAttributeMap;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.Inode;

/**
 * Extended attributes of an inode of an overlay: those of the lower inode until the first change,
 * then a copy in memory.
 */
final class OverlayExtendedAttributes implements ExtendedAttributes {

  private final OverlayNode node;
  private @Nullable ExtendedAttributeMap own; // guarded by this

  OverlayExtendedAttributes(OverlayNode node) {
    this.node = node;
  }

  @Override
  public byte[] get(String name) {
    return current().get(name);
  }

  @Override
  public void set(String name, byte[] value, ExtendedAttributeMode mode) {
    own().set(name, value, mode);
  }

  @Override
  public void remove(String name) {
    own().remove(name);
  }

  @Override
  public List<String> names() {
    return current().names();
  }

  private synchronized ExtendedAttributes current() {
    Inode lower = node.lower();
    return own == null && lower != null ? lower.extendedAttributes() : own();
  }

  private synchronized ExtendedAttributeMap own() {
    ExtendedAttributeMap map = own;
    if (map == null) {
      OverlayFileSystem fileSystem = node.fileSystem();
      map =
          new ExtendedAttributeMap(
              fileSystem.extendedAttributeBudget(), () -> node.own().changed(fileSystem.now()));
      Inode lower = node.lower();
      if (lower != null) {
        map.putAll(lower.extendedAttributes());
      }
      own = map;
    }
    return map;
  }

  /** Gives back what the attributes took of their file system's limit. */
  synchronized void dispose() {
    if (own != null) {
      own.clear();
    }
  }
}
