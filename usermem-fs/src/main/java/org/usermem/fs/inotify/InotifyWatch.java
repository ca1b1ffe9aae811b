package org.usermem.fs.inotify;

import org.usermem.fs.Inode;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.watch.Watch;

/** A watch of an inotify instance. It keeps the inode, and with it the inode's list of watches. */
final class InotifyWatch extends Watch {

  private final InotifyDescription owner;
  private final Inode inode;
  private final int number;

  InotifyWatch(InotifyDescription owner, Inode inode, int number, int mask) {
    super(mask);
    this.owner = owner;
    this.inode = inode;
    this.number = number;
  }

  int number() {
    return number;
  }

  @SuppressWarnings("ReferenceEquality") // Inodes are themselves.
  boolean watches(Inode other) {
    return inode == other;
  }

  /** Returns its line in /proc/PID/fdinfo ({@code inotify_fdinfo}). */
  String details() {
    long device = inode.fileSystem().deviceId();
    int internalDevice = DeviceNumber.major(device) << 20 | DeviceNumber.minor(device);
    return String.format(
        "inotify wd:%x ino:%x sdev:%x mask:%x ignored_mask:0 %n",
        number, inode.number(), internalDevice, mask());
  }

  @Override
  protected void happened(int events, int cookie, String name) {
    owner.add(new InotifyEvent(number, events, cookie, name));
    if ((mask() & InotifyDescription.ONE_SHOT) != 0) {
      end();
      owner.ended(this);
    }
  }

  @Override
  protected void removed() {
    owner.ended(this);
  }

  void end() {
    inode.watches().remove(this);
  }
}
