package org.usermem.linux.sysv;

import java.util.concurrent.locks.ReentrantLock;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.time.Clocks;
import org.usermem.mm.shm.IpcCaller;
import org.usermem.mm.shm.IpcPermissions;

/**
 * A set of semaphores or a queue of messages: Linux's {@code kern_ipc_perm}. Guarded by the lock of
 * the table that holds it; methods whose names end in Locked are called under it.
 */
public abstract class IpcObject {
  /** The bit of read permission. */
  public static final int READ = 04;

  /** The bit of write permission. */
  public static final int WRITE = 02;

  private final ReentrantLock lock;
  private final int key;
  private int id;
  private boolean removed;
  private IpcPermissions permissions;
  private long changeSeconds = seconds();

  IpcObject(ReentrantLock lock, int key, IpcPermissions permissions) {
    this.lock = lock;
    this.key = key;
    this.permissions = permissions;
  }

  /** Returns the number that programs know the object by. */
  public final int id() {
    return id;
  }

  /** Returns the key that it was made for; 0 for none. */
  public final int key() {
    return key;
  }

  final ReentrantLock lock() {
    return lock;
  }

  final void setIdLocked(int number) {
    id = number;
  }

  final boolean isRemovedLocked() {
    return removed;
  }

  final IpcPermissions permissionsLocked() {
    return permissions;
  }

  final long changeSecondsLocked() {
    return changeSeconds;
  }

  /** Notes that somebody changed the object (sem_ctime, msg_ctime). */
  final void changedLocked() {
    changeSeconds = seconds();
  }

  /**
   * Checks that a caller may access the object, and that there still is one.
   *
   * @throws LinuxException EIDRM or EACCES
   */
  final void requireLocked(IpcCaller caller, int wanted) {
    requirePresentLocked();
    if (!permissions.allow(caller, wanted)) {
      throw LinuxException.of(Errno.EACCES);
    }
  }

  final void requirePresentLocked() {
    if (removed) {
      throw LinuxException.of(Errno.EIDRM);
    }
  }

  /**
   * Checks that a caller may change or remove the object, and that there still is one.
   *
   * @throws LinuxException EIDRM or EPERM
   */
  final void requireOwnerLocked(IpcCaller caller) {
    requirePresentLocked();
    if (!permissions.isOwnedBy(caller)) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  final void setOwnerLocked(int uid, int gid, int mode) {
    permissions = permissions.owned(uid, gid, mode);
    changedLocked();
  }

  /** Marks the object as gone and tells whoever waits for it. */
  final void removeLocked() {
    removed = true;
    endWaitsLocked();
  }

  /** Ends all waits with EIDRM. */
  abstract void endWaitsLocked();

  static long seconds() {
    return Math.floorDiv(Clocks.realtimeNanos(), Clocks.NANOS_PER_SECOND);
  }
}
