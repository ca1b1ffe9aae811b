package org.usermem.sentry.guard;

import java.util.List;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.Inode;

/**
 * The extended attributes of a plug-in's inode.
 *
 * @param target the inode
 */
record GuardedExtendedAttributes(Target<? extends Inode> target) implements ExtendedAttributes {

  @Override
  public byte[] get(String name) {
    return target.call(i -> i.extendedAttributes().get(name));
  }

  @Override
  public void set(String name, byte[] value, ExtendedAttributeMode mode) {
    target.run(i -> i.extendedAttributes().set(name, value, mode));
  }

  @Override
  public void remove(String name) {
    target.run(i -> i.extendedAttributes().remove(name));
  }

  @Override
  public List<String> names() {
    return target.call(i -> i.extendedAttributes().names());
  }
}
