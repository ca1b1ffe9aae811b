package org.usermem.sentry.guard;

import java.util.List;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.Inode;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.FileAttributes;

/**
 * What all kinds of inode are asked. What the VFS needs for tidying up is remembered from when the
 * plug-in was there; everything else is ENODEV then.
 *
 * @param <T> the kind of inode
 */
final class InodeCalls<T extends Inode> {

  private final Target<T> target;
  private final long number;
  private volatile int lastMode;
  private volatile int lastUserId;
  private volatile int lastGroupId;

  InodeCalls(Target<T> target) {
    this.target = target;
    this.number = target.call(Inode::number);
    remember();
  }

  private void remember() {
    target.attempt(
        inode -> {
          lastMode = inode.mode();
          lastUserId = inode.userId();
          lastGroupId = inode.groupId();
        });
  }

  Target<T> target() {
    return target;
  }

  long number() {
    return number;
  }

  int mode() {
    remember();
    return lastMode;
  }

  int userId() {
    remember();
    return lastUserId;
  }

  int groupId() {
    remember();
    return lastGroupId;
  }

  /** One once the plug-in is gone: a file with links is not disposed of. */
  int linkCount() {
    T present = target.ifPresent();
    return present == null ? 1 : target.call(Inode::linkCount);
  }

  FileAttributes attributes() {
    return target.call(Inode::attributes);
  }

  void setAttributes(AttributeChange change) {
    target.run(i -> i.setAttributes(change));
  }

  void checkAccess(Credentials credentials, int wanted) {
    target.run(i -> i.checkAccess(credentials, wanted));
  }

  byte[] extendedAttribute(String name) {
    return target.call(i -> i.extendedAttribute(name));
  }

  void setExtendedAttribute(String name, byte[] value, ExtendedAttributeMode mode) {
    target.run(i -> i.setExtendedAttribute(name, value, mode));
  }

  void removeExtendedAttribute(String name) {
    target.run(i -> i.removeExtendedAttribute(name));
  }

  List<String> extendedAttributeNames() {
    return target.call(Inode::extendedAttributeNames);
  }

  /** Nobody uses the wrapper: the inode below is told so by ending its use for a moment. */
  void idle() {
    target.attempt(
        i -> {
          i.decUses();
          i.incUses();
        });
  }

  /** The wrapper will not be used again: its own use of the inode below ends. */
  void dispose() {
    T inode = target.take();
    if (inode != null) {
      inode.decUses();
    }
  }
}
