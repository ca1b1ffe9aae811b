package org.usermem.fs.lock;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * Who waits for whose POSIX lock, so that a wait that could never end is refused with EDEADLK. One
 * for all files of a sentry, since the locks of a deadlock may be on different files.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
@SuppressWarnings("ReferenceEquality") // Owners are told apart by identity.
public final class LockWaits {

  private final IdentityHashMap<Object, Object> holderByWaiter = new IdentityHashMap<>();

  /** Creates a record of no waits. */
  public LockWaits() {}

  /**
   * Notes that an owner is about to wait for another.
   *
   * @param waiter who waits; replaces what it waited for before
   * @param holder whose lock is in the way
   * @throws LinuxException EDEADLK if the other waits, perhaps by way of more, for this one
   */
  public synchronized void begin(Object waiter, Object holder) {
    @Nullable Object next = holder;
    // Each owner waits for at most one, so the chain ends or comes back; the bound is against a
    // cycle that does not contain the waiter.
    for (int i = 0; next != null && i <= holderByWaiter.size(); i++) {
      if (next == waiter) {
        throw LinuxException.of(Errno.EDEADLK);
      }
      next = holderByWaiter.get(next);
    }
    holderByWaiter.put(waiter, holder);
  }

  /**
   * Notes that an owner waits no longer.
   *
   * @param waiter who waited
   */
  public synchronized void end(Object waiter) {
    holderByWaiter.remove(waiter);
  }
}
