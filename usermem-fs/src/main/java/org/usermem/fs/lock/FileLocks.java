package org.usermem.fs.lock;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;

/**
 * The advisory locks on one inode: locks on ranges of bytes, which belong to a process (POSIX) or
 * to a description (OFD), and locks on the whole file by flock(2), which see nothing of the others.
 *
 * <p>Nothing here waits: who can't have a lock is told who is in the way, registers with {@link
 * #released()} and tries again when notified. {@link LockWaits} finds deadlocks.
 *
 * <p>Rules: fcntl(2), flock(2), {@code posix_lock_inode} in Linux's {@code fs/locks.c}.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
@SuppressWarnings("ReferenceEquality") // Owners are told apart by identity.
public final class FileLocks {

  // A guest can make a lock of each byte; this bounds what a file costs (ENOLCK).
  private static final int RECORD_LIMIT = 65_536;

  private record WholeLock(Object owner, LockType type) {}

  private final WaitQueue released = new WaitQueue();
  private final List<WholeLock> wholes = new ArrayList<>();
  private List<RecordLock> records = new ArrayList<>(); // by start; those of one owner are disjoint

  /** Creates an empty set of locks. */
  public FileLocks() {}

  /** Returns the queue that is notified ({@link Readiness#IN}) whenever locks were released. */
  public WaitQueue released() {
    return released;
  }

  /**
   * Sets a lock on a range, replacing what its owner holds there.
   *
   * @param wanted the lock
   * @return null if it was set; otherwise a lock that is in the way
   * @throws LinuxException ENOLCK if there are too many locks
   */
  public @Nullable RecordLock set(RecordLock wanted) {
    boolean wakes;
    synchronized (this) {
      RecordLock obstacle = obstacle(wanted);
      if (obstacle != null) {
        return obstacle;
      }
      if (records.size() >= RECORD_LIMIT) {
        throw LinuxException.of(Errno.ENOLCK);
      }
      wakes = replace(wanted.owner(), wanted.start(), wanted.end(), wanted);
    }
    if (wakes) {
      released.notify(Readiness.IN);
    }
    return null;
  }

  /**
   * Returns a lock that is in the way of another, as F_GETLK.
   *
   * @param wanted a lock that is not set
   * @return the first obstacle by start; null if there is none
   */
  public synchronized @Nullable RecordLock obstacle(RecordLock wanted) {
    for (RecordLock lock : records) {
      if (lock.conflictsWith(wanted)) {
        return lock;
      }
    }
    return null;
  }

  /**
   * Removes what an owner holds in a range.
   *
   * @param owner the owner
   * @param start first byte
   * @param end first byte after the range
   * @throws LinuxException ENOLCK if a lock would be split and there are too many
   */
  public void clear(Object owner, long start, long end) {
    boolean wakes;
    synchronized (this) {
      if (records.size() >= RECORD_LIMIT && start > 0 && end < RecordLock.TO_THE_END) {
        throw LinuxException.of(Errno.ENOLCK);
      }
      wakes = replace(owner, start, end, null);
    }
    if (wakes) {
      released.notify(Readiness.IN);
    }
  }

  /**
   * Removes everything that an owner of POSIX locks holds: a process closed a descriptor of the
   * file.
   *
   * @param owner the owner
   */
  public void clearAll(Object owner) {
    clear(owner, 0, RecordLock.TO_THE_END);
  }

  // Returns whether anything became freer. What is left of the owner's locks around the range
  // stays;
  // neighbours of the same type become one.
  private boolean replace(Object owner, long start, long end, @Nullable RecordLock added) {
    List<RecordLock> result = new ArrayList<>(records.size() + 2);
    RecordLock merged = added;
    boolean freed = false;
    for (RecordLock lock : records) {
      if (lock.owner() != owner || lock.end() < start || lock.start() > end) {
        result.add(lock);
        continue;
      }
      if (merged != null && lock.type() == merged.type()) {
        merged =
            merged.withRange(
                Math.min(lock.start(), merged.start()), Math.max(lock.end(), merged.end()));
        continue;
      }
      freed |= lock.start() < end && start < lock.end();
      if (lock.start() < start) {
        result.add(lock.withRange(lock.start(), Math.min(lock.end(), start)));
      }
      if (lock.end() > end) {
        result.add(lock.withRange(Math.max(lock.start(), end), lock.end()));
      }
    }
    if (merged != null) {
      result.add(merged);
    }
    result.sort((left, right) -> Long.compare(left.start(), right.start()));
    records = result;
    return freed;
  }

  /**
   * Takes or converts a lock on the whole file, as flock(2). A conversion gives up the old lock
   * first, even if the new one can't be had.
   *
   * @param owner the description
   * @param type read for LOCK_SH, write for LOCK_EX
   * @return null if it was taken; otherwise the owner of a lock that is in the way
   */
  public @Nullable Object lockWhole(Object owner, LockType type) {
    boolean gaveUp;
    Object obstacle = null;
    synchronized (this) {
      for (WholeLock lock : wholes) {
        if (lock.owner() == owner && lock.type() == type) {
          return null;
        }
      }
      gaveUp = wholes.removeIf(lock -> lock.owner() == owner);
      for (WholeLock lock : wholes) {
        if (type == LockType.WRITE || lock.type() == LockType.WRITE) {
          obstacle = lock.owner();
          break;
        }
      }
      if (obstacle == null) {
        wholes.add(new WholeLock(owner, type));
      }
    }
    if (gaveUp) {
      released.notify(Readiness.IN);
    }
    return obstacle;
  }

  /**
   * Gives up the lock on the whole file, as flock(2) with LOCK_UN.
   *
   * @param owner the description
   */
  public void unlockWhole(Object owner) {
    boolean gaveUp;
    synchronized (this) {
      gaveUp = wholes.removeIf(lock -> lock.owner() == owner);
    }
    if (gaveUp) {
      released.notify(Readiness.IN);
    }
  }

  /**
   * Removes everything that belongs to a description, which was released.
   *
   * @param description the owner of OFD locks and of a flock(2) lock
   */
  public void releaseDescription(Object description) {
    unlockWhole(description);
    clearAll(description);
  }

  /** Returns all locks on ranges, by start, as /proc/locks shows them. */
  public synchronized List<RecordLock> records() {
    return List.copyOf(records);
  }
}
