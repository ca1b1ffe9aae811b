package org.usermem.mm;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.mm.vma.VmaAttributes;

/** The limits on sizes: Linux's {@code may_expand_vm} and {@code mlock_future_ok}. */
final class Quota {

  private Quota() {}

  /**
   * Checks RLIMIT_AS and RLIMIT_DATA.
   *
   * @param replace whether what is mapped there goes
   * @throws LinuxException ENOMEM if a limit would be passed
   */
  static void requireRoom(
      Space space,
      MemoryLimits limits,
      VmaAttributes attributes,
      long addr,
      long byteCount,
      boolean replace) {
    long end = addr + byteCount;
    long mapped = space.vmas.tree().span() - (replace ? space.vmas.tree().spanIn(addr, end) : 0);
    if (mapped + byteCount > limits.addressSpace()) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    if (attributes.isData()) {
      long data = space.vmas.dataBytes() - (replace ? space.vmas.dataBytesIn(addr, end) : 0);
      if (data + byteCount > limits.data()) {
        throw LinuxException.of(Errno.ENOMEM);
      }
    }
  }

  /**
   * Checks RLIMIT_MEMLOCK for a new mapping.
   *
   * @param replacedStart start of what is replaced
   * @param replacedEnd its end
   * @throws LinuxException EPERM if nothing may be locked, EAGAIN if the limit would be passed
   */
  static void requireLockable(
      Space space, MemoryLimits limits, long byteCount, long replacedStart, long replacedEnd) {
    if (limits.mayLock()) {
      return;
    }
    if (limits.locked() == 0) {
      throw LinuxException.of(Errno.EPERM);
    }
    long locked = space.vmas.lockedBytes() - space.vmas.lockedBytesIn(replacedStart, replacedEnd);
    if (locked + byteCount > limits.locked()) {
      throw LinuxException.of(Errno.EAGAIN);
    }
  }
}
