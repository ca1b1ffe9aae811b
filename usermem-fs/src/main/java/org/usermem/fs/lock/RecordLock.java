package org.usermem.fs.lock;

/**
 * A lock on a range of bytes.
 *
 * @param owner whose it is, compared by identity: a descriptor table for POSIX locks, a description
 *     for open-file-description locks
 * @param pid the process to name to whoever asks (F_GETLK); -1 for open-file-description locks
 * @param type read or write
 * @param start first byte, not negative
 * @param end first byte after the range; {@link Long#MAX_VALUE} for a range without end
 */
@SuppressWarnings("ReferenceEquality") // Owners are told apart by identity.
public record RecordLock(Object owner, int pid, LockType type, long start, long end) {

  /** The end of a range that goes on for ever. */
  public static final long TO_THE_END = Long.MAX_VALUE;

  /**
   * Makes a lock.
   *
   * @throws IllegalArgumentException if the range is empty or negative
   */
  public RecordLock {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("range of a lock from " + start + " to " + end);
    }
  }

  boolean overlaps(RecordLock other) {
    return start < other.end && other.start < end;
  }

  boolean conflictsWith(RecordLock other) {
    return owner != other.owner
        && overlaps(other)
        && (type == LockType.WRITE || other.type == LockType.WRITE);
  }

  RecordLock withRange(long newStart, long newEnd) {
    return new RecordLock(owner, pid, type, newStart, newEnd);
  }
}
