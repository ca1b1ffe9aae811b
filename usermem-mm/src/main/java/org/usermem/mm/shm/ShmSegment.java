package org.usermem.mm.shm;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.Translation;
import org.usermem.memmap.UntrackedMappable;
import org.usermem.mm.shared.SharedMemory;

/**
 * A System V shared memory segment. Each area of an address space that shows it is an attachment,
 * as in Linux; the segment ends when it is marked for removal and the last attachment goes.
 *
 * <p>Thread-safe. References are taken under the lock of the mappings of an address space; its own
 * lock comes after that.
 */
public final class ShmSegment implements UntrackedMappable, MappingIdentity {

  private final ShmRegistry registry;
  private final SharedMemory memory;
  private final int id;
  private final long byteCount;
  private final int creatorPid;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock:
  private int key;
  private IpcPermissions permissions;
  private int attachments;
  private boolean removed;
  private boolean locked;
  private long attachSeconds;
  private long detachSeconds;
  private long changeSeconds;
  private int lastPid;

  ShmSegment(
      ShmRegistry registry,
      MemoryFile file,
      int id,
      int key,
      long byteCount,
      IpcPermissions permissions,
      int creatorPid) {
    this.registry = registry;
    this.memory =
        new SharedMemory(
            file,
            Addr.pageRoundUp(byteCount),
            "/SYSV%08x (deleted)".formatted(key),
            Integer.toUnsignedLong(id));
    this.id = id;
    this.key = key;
    this.byteCount = byteCount;
    this.permissions = permissions;
    this.creatorPid = creatorPid;
    this.changeSeconds = registry.seconds();
  }

  /** Returns the number that shmget(2) returns. */
  public int id() {
    return id;
  }

  /** Returns the size that was asked for. */
  public long byteCount() {
    return byteCount;
  }

  /**
   * What shmctl(2) with IPC_STAT says of a segment, at one moment.
   *
   * @param key the key; 0 once it is marked for removal
   * @param permissions owner and permissions
   * @param byteCount the size
   * @param attachSeconds when it was attached last, in seconds since 1970; 0 for never
   * @param detachSeconds when it was detached last; 0 for never
   * @param changeSeconds when it was made or its permissions were changed
   * @param creatorPid the process that made it
   * @param lastPid the process that attached or detached it last; 0 for none
   * @param attachments how often it is attached
   * @param isRemoved SHM_DEST: whether it goes when it is detached
   * @param isLocked SHM_LOCKED
   * @param residentBytes how much of it has pages
   */
  public record Status(
      int key,
      IpcPermissions permissions,
      long byteCount,
      long attachSeconds,
      long detachSeconds,
      long changeSeconds,
      int creatorPid,
      int lastPid,
      int attachments,
      boolean isRemoved,
      boolean isLocked,
      long residentBytes) {}

  /** Returns the state of the segment. */
  public Status status() {
    long resident = memory.residentBytes();
    lock.lock();
    try {
      return new Status(
          key,
          permissions,
          byteCount,
          attachSeconds,
          detachSeconds,
          changeSeconds,
          creatorPid,
          lastPid,
          attachments,
          removed,
          locked,
          resident);
    } finally {
      lock.unlock();
    }
  }

  int key() {
    lock.lock();
    try {
      return key;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks that a caller may access the segment.
   *
   * @param access how it is to be attached
   * @throws LinuxException EACCES
   */
  public void requireAccess(IpcCaller caller, AccessType access) {
    int wanted =
        (access.canRead() ? 04 : 0) | (access.canWrite() ? 02 : 0) | (access.canExecute() ? 01 : 0);
    lock.lock();
    try {
      if (!permissions.allow(caller, wanted)) {
        throw LinuxException.of(Errno.EACCES);
      }
    } finally {
      lock.unlock();
    }
  }

  void requireMode(IpcCaller caller, int mode) {
    int wanted = (mode >> 6 | mode >> 3 | mode) & 07;
    lock.lock();
    try {
      if (!permissions.allow(caller, wanted)) {
        throw LinuxException.of(Errno.EACCES);
      }
    } finally {
      lock.unlock();
    }
  }

  private void requireOwnerLocked(IpcCaller caller) {
    if (!permissions.isOwnedBy(caller)) {
      throw LinuxException.of(Errno.EPERM);
    }
  }

  /**
   * Changes owner and permission bits: IPC_SET.
   *
   * @throws LinuxException EPERM
   */
  public void setOwner(IpcCaller caller, int uid, int gid, int mode) {
    lock.lock();
    try {
      requireOwnerLocked(caller);
      permissions = permissions.owned(uid, gid, mode);
      changeSeconds = registry.seconds();
    } finally {
      lock.unlock();
    }
  }

  /** Notes SHM_LOCK or SHM_UNLOCK; memory is never swapped out, so that is all. */
  public void setLocked(boolean value) {
    lock.lock();
    try {
      locked = value;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Marks the segment for removal: IPC_RMID. It goes when nobody has it attached.
   *
   * @throws LinuxException EPERM
   */
  public void remove(IpcCaller caller) {
    lock.lock();
    try {
      requireOwnerLocked(caller);
    } finally {
      lock.unlock();
    }
    removeAtEnd();
  }

  void removeAtEnd() {
    boolean last;
    lock.lock();
    try {
      last = !removed && attachments == 0;
      removed = true;
      key = ShmRegistry.PRIVATE_KEY;
    } finally {
      lock.unlock();
    }
    if (last) {
      destroy();
    }
  }

  private void destroy() {
    registry.forget(this);
    memory.decRef();
  }

  /**
   * Keeps the segment while it is being attached, which alone counts as an attachment.
   *
   * @throws LinuxException EIDRM if it has gone meanwhile
   */
  public void hold() {
    lock.lock();
    try {
      if (removed && attachments == 0) {
        throw LinuxException.of(Errno.EIDRM);
      }
      attachments++;
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what {@link #hold} has taken. */
  public void release() {
    boolean last;
    lock.lock();
    try {
      attachments--;
      last = removed && attachments == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      destroy();
    }
  }

  @Override
  public void incRef() {
    lock.lock();
    try {
      attachments++;
      attachSeconds = registry.seconds();
      lastPid = registry.currentPid();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void decRef() {
    boolean last;
    lock.lock();
    try {
      if (attachments == 0) {
        throw new IllegalStateException("segment " + id + " is detached by nobody");
      }
      attachments--;
      detachSeconds = registry.seconds();
      lastPid = registry.currentPid();
      last = removed && attachments == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      destroy();
    }
  }

  @Override
  public List<Translation> translate(
      MappableRange required, MappableRange optional, AccessType access) {
    return memory.translate(required, optional, access);
  }

  @Override
  public boolean isResident(long offset) {
    return memory.isResident(offset);
  }

  @Override
  public String mappedName() {
    return memory.mappedName();
  }

  @Override
  public long deviceId() {
    return memory.deviceId();
  }

  @Override
  public long inodeId() {
    return memory.inodeId();
  }

  @Override
  public void msync(MappableRange range) {
    memory.msync(range);
  }

  @Override
  public void punchHole(MappableRange range) {
    memory.punchHole(range);
  }
}
