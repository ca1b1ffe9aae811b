package org.usermem.fs.page;

import java.util.concurrent.locks.ReentrantLock;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingSet;
import org.usermem.memmap.MappingSpace;

/**
 * The mappings of one file, under a lock of their own. In the order of locks it comes after those
 * of a program's memory and before that of the file's pages.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class FileMappings {

  private static final MappableRange EVERYTHING = new MappableRange(0, FilePages.BYTE_SIZE_LIMIT);

  private final ReentrantLock lock = new ReentrantLock();
  private final MappingSet mappings = new MappingSet(); // guarded by lock
  private boolean sealed; // guarded by lock

  /** Creates a file's mappings, none at first. */
  public FileMappings() {}

  /**
   * Adds a mapping.
   *
   * @throws LinuxException EPERM if it is writable and the file was sealed against such
   */
  public void add(MappingSpace space, AddrRange range, long offset, boolean writable) {
    lock.lock();
    try {
      if (writable && sealed) {
        throw LinuxException.of(Errno.EPERM);
      }
      mappings.addMapping(space, range, offset, writable);
    } finally {
      lock.unlock();
    }
  }

  /** Adds the copy of a mapping: no new right to write, whatever was sealed since. */
  public void addCopy(MappingSpace space, AddrRange range, long offset, boolean writable) {
    lock.lock();
    try {
      mappings.addMapping(space, range, offset, writable);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a mapping, or a part of one, out. */
  public void remove(MappingSpace space, AddrRange range, long offset, boolean writable) {
    lock.lock();
    try {
      mappings.removeMapping(space, range, offset, writable);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells all who map bytes of a range that their translations are no longer good. Called without
   * the lock of the pages.
   *
   * @param start first byte, aligned to pages
   * @param end first byte after them, aligned to pages
   * @param invalidatePrivate whether private copies go as well, because the file ends there
   */
  public void invalidate(long start, long end, boolean invalidatePrivate) {
    if (start >= end) {
      return;
    }
    lock.lock();
    try {
      mappings.invalidate(new MappableRange(start, end), invalidatePrivate);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Forbids new mappings that can be written to.
   *
   * @param evenIfMapped whether mappings that exist may stay
   * @throws LinuxException EBUSY if there are such mappings and they may not
   */
  public void seal(boolean evenIfMapped) {
    lock.lock();
    try {
      if (!evenIfMapped && mappings.isMappedWritable(EVERYTHING)) {
        throw LinuxException.of(Errno.EBUSY);
      }
      sealed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps mappings from being added and removed until {@link #unlock}. */
  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Returns whether a page can be stored to through a mapping; asked with the lock held. */
  boolean isMappedWritableLocked(MappableRange range) {
    return mappings.isMappedWritable(range);
  }
}
