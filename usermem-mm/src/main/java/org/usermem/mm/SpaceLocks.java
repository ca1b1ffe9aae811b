package org.usermem.mm;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The locks of an address space, and all there is to know about their order:
 *
 * <pre>
 *   locks of file systems, except those that Mappable.translate takes
 *     metadata      what /proc shows beside the mappings: argv, environment, executable
 *       mappings    what is mapped: VMAs, brk, lock modes             (Linux: mmap_lock)
 *         locks that MappingIdentity and the other methods of Mappable take
 *           pages   what backs it: PMAs, table, the guest's mappings  (Linux: page table locks)
 *             locks that Mappable.translate takes
 *               locks of the platform's AddressSpace
 *                 quarantine
 *                   locks of the memory file
 * </pre>
 *
 * Only a fork holds the lock of the pages of two address spaces, the parent's first: the child's is
 * known to nobody who could want the other order. No lock is taken inside an epoch; whoever waits
 * for epochs may hold any of them.
 *
 * <p>The order of the two main locks is asserted at each acquisition.
 */
final class SpaceLocks {

  private final ReentrantReadWriteLock mappings = new ReentrantReadWriteLock();
  private final ReentrantReadWriteLock pages = new ReentrantReadWriteLock();

  void lockMappingsForWriting() {
    assert holdsNoPages() : "the lock of the mappings comes before that of the pages";
    assert mappings.getReadHoldCount() == 0 : "a read lock can't become a write lock";
    mappings.writeLock().lock();
  }

  void unlockMappingsForWriting() {
    mappings.writeLock().unlock();
  }

  void lockMappingsForReading() {
    assert holdsNoPages() : "the lock of the mappings comes before that of the pages";
    mappings.readLock().lock();
  }

  void unlockMappingsForReading() {
    mappings.readLock().unlock();
  }

  /** Turns the write lock of the mappings into a read lock. */
  void downgradeMappings() {
    mappings.readLock().lock();
    mappings.writeLock().unlock();
  }

  void lockPagesForWriting() {
    assert pages.getReadHoldCount() == 0 : "a read lock can't become a write lock";
    pages.writeLock().lock();
  }

  void unlockPagesForWriting() {
    pages.writeLock().unlock();
  }

  void lockPagesForReading() {
    pages.readLock().lock();
  }

  void unlockPagesForReading() {
    pages.readLock().unlock();
  }

  /** Turns the write lock of the pages into a read lock. */
  void downgradePages() {
    pages.readLock().lock();
    pages.writeLock().unlock();
  }

  private boolean holdsNoPages() {
    return pages.getReadHoldCount() == 0 && !pages.isWriteLockedByCurrentThread();
  }

  boolean isMappingsWriteLocked() {
    return mappings.isWriteLockedByCurrentThread();
  }

  boolean isMappingsLocked() {
    return mappings.isWriteLockedByCurrentThread() || mappings.getReadHoldCount() > 0;
  }

  boolean isPagesWriteLocked() {
    return pages.isWriteLockedByCurrentThread();
  }
}
