package org.usermem.sentry.guard;

import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.Inode;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/**
 * What all kinds of inode are asked. What the VFS needs for tidying up is remembered from when the
 * plug-in was there; everything else is ENODEV then.
 *
 * @param <T> the kind of inode
 */
final class InodeCalls<T extends Inode> implements BasicAttributes {

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

  @Override
  public int mode() {
    remember();
    return lastMode;
  }

  @Override
  public int userId() {
    remember();
    return lastUserId;
  }

  @Override
  public int groupId() {
    remember();
    return lastGroupId;
  }

  /** One once the plug-in is gone: a file with links is not disposed of. */
  @Override
  public int linkCount() {
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

  ExtendedAttributes extendedAttributes() {
    return new GuardedExtendedAttributes(target);
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
