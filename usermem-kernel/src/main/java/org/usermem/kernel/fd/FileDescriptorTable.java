package org.usermem.kernel.fd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.lock.FileLocks;

/**
 * The file descriptors of a process: {@code struct files_struct}. Each holds one reference on its
 * description. Looking up takes no lock; changes take one, and descriptions are released after it
 * is given back. The table is also the owner of the process's record locks, as on Linux. Safe for
 * use by several threads.
 */
public final class FileDescriptorTable {

  private static final System.Logger LOG = System.getLogger(FileDescriptorTable.class.getName());

  private static final int INITIAL_CAPACITY = 64;

  private record Entry(FileDescription file, boolean closeOnExec) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile AtomicReferenceArray<@Nullable Entry> entries =
      new AtomicReferenceArray<>(INITIAL_CAPACITY);

  /** No descriptor below this one is free; guarded by the lock. */
  private int lowestFree;

  /** Makes an empty table with one user. */
  public FileDescriptorTable() {}

  /** Counts one more task that uses the table. */
  public void incUsers() {
    users.incrementAndGet();
  }

  /** Counts one task less; when the last is gone every descriptor is closed. */
  public void decUsers() {
    if (users.decrementAndGet() == 0) {
      closeRange(0, Integer.MAX_VALUE);
    }
  }

  /**
   * Returns whether several tasks use the table.
   *
   * @return whether they do
   */
  public boolean isShared() {
    return users.get() > 1;
  }

  /**
   * Returns the description behind a descriptor, with a reference taken.
   *
   * @param fd any number
   * @return the description, perhaps opened with O_PATH; the caller drops the reference
   * @throws LinuxException EBADF if the descriptor is not open
   */
  public FileDescription get(int fd) {
    while (true) {
      Entry entry = entryAt(fd);
      if (entry == null) {
        throw LinuxException.of(Errno.EBADF);
      }
      if (entry.file.tryIncRef()) {
        return entry.file;
      }
      // Closed between the two steps: the slot shows what is there now.
      Thread.onSpinWait();
    }
  }

  /**
   * Returns whether a descriptor is closed by execve(2).
   *
   * @param fd any number
   * @return whether it is
   * @throws LinuxException EBADF if the descriptor is not open
   */
  public boolean isCloseOnExec(int fd) {
    return requireEntry(fd).closeOnExec;
  }

  /**
   * Sets whether a descriptor is closed by execve(2).
   *
   * @param fd any number
   * @param closeOnExec whether it is
   * @throws LinuxException EBADF if the descriptor is not open
   */
  public void setCloseOnExec(int fd, boolean closeOnExec) {
    lock.lock();
    try {
      Entry entry = requireEntry(fd);
      entries.set(fd, new Entry(entry.file, closeOnExec));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens the lowest free descriptor.
   *
   * @param minimum the least descriptor allowed
   * @param file the description; its reference goes over to the table if this succeeds
   * @param closeOnExec whether execve(2) closes it
   * @param limit RLIMIT_NOFILE, unsigned: one more than the greatest descriptor allowed
   * @return the descriptor
   * @throws LinuxException EMFILE if there is none below the limit
   */
  public int install(int minimum, FileDescription file, boolean closeOnExec, long limit) {
    lock.lock();
    try {
      int fd = firstFreeLocked(Math.max(minimum, 0));
      if (Long.compareUnsigned(fd, limit) >= 0) {
        throw LinuxException.of(Errno.EMFILE);
      }
      putLocked(fd, new Entry(file, closeOnExec));
      return fd;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens several descriptors or none, the lowest free ones.
   *
   * @param files the descriptions; their references go over to the table if this succeeds
   * @param closeOnExec whether execve(2) closes them
   * @param limit as for {@link #install}
   * @return the descriptors
   * @throws LinuxException EMFILE if there are not enough below the limit
   */
  public int[] installAll(List<FileDescription> files, boolean closeOnExec, long limit) {
    int[] fds = new int[files.size()];
    lock.lock();
    try {
      int fd = -1;
      for (int index = 0; index < fds.length; index++) {
        fd = firstFreeLocked(fd + 1);
        fds[index] = fd;
      }
      if (Long.compareUnsigned(fd, limit) >= 0) {
        throw LinuxException.of(Errno.EMFILE);
      }
      for (int index = 0; index < fds.length; index++) {
        putLocked(fds[index], new Entry(files.get(index), closeOnExec));
      }
      return fds;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens a certain descriptor and closes what was there (dup2(2), dup3(2)).
   *
   * @param fd the descriptor
   * @param file the description; its reference goes over to the table if this succeeds
   * @param closeOnExec whether execve(2) closes it
   * @param limit as for {@link #install}
   * @throws LinuxException EBADF if the descriptor is negative or not below the limit
   */
  public void replace(int fd, FileDescription file, boolean closeOnExec, long limit) {
    if (fd < 0 || Long.compareUnsigned(fd, limit) >= 0) {
      throw LinuxException.of(Errno.EBADF);
    }
    Entry before;
    lock.lock();
    try {
      before = entryAt(fd);
      putLocked(fd, new Entry(file, closeOnExec));
    } finally {
      lock.unlock();
    }
    if (before != null) {
      releaseQuietly(before);
    }
  }

  /**
   * Closes a descriptor (close(2)).
   *
   * @param fd any number
   * @throws LinuxException EBADF if the descriptor is not open; what the file has to say on
   *     closing, with the descriptor closed all the same
   */
  public void close(int fd) {
    Entry entry;
    lock.lock();
    try {
      entry = requireEntry(fd);
      clearLocked(fd);
    } finally {
      lock.unlock();
    }
    release(entry);
  }

  /**
   * Closes every descriptor of a range (close_range(2)).
   *
   * @param first the least descriptor
   * @param last the greatest descriptor
   */
  public void closeRange(int first, int last) {
    List<Entry> closed = new ArrayList<>();
    lock.lock();
    try {
      int end = (int) Math.min(last + 1L, entries.length());
      for (int fd = Math.max(first, 0); fd < end; fd++) {
        Entry entry = entries.get(fd);
        if (entry != null) {
          clearLocked(fd);
          closed.add(entry);
        }
      }
    } finally {
      lock.unlock();
    }
    closed.forEach(this::releaseQuietly);
  }

  /**
   * Has execve(2) close every descriptor of a range (CLOSE_RANGE_CLOEXEC).
   *
   * @param first the least descriptor
   * @param last the greatest descriptor
   */
  public void setCloseOnExecRange(int first, int last) {
    lock.lock();
    try {
      int end = (int) Math.min(last + 1L, entries.length());
      for (int fd = Math.max(first, 0); fd < end; fd++) {
        Entry entry = entries.get(fd);
        if (entry != null) {
          entries.set(fd, new Entry(entry.file, true));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes what execve(2) closes. */
  public void closeOnExec() {
    List<Entry> closed = new ArrayList<>();
    lock.lock();
    try {
      for (int fd = 0; fd < entries.length(); fd++) {
        Entry entry = entries.get(fd);
        if (entry != null && entry.closeOnExec) {
          clearLocked(fd);
          closed.add(entry);
        }
      }
    } finally {
      lock.unlock();
    }
    closed.forEach(this::releaseQuietly);
  }

  /**
   * Returns a copy with one user, as fork makes it.
   *
   * @return the copy
   */
  public FileDescriptorTable copy() {
    return copyBelow(Integer.MAX_VALUE);
  }

  /**
   * Returns a copy of the descriptors below a number (close_range(2) with CLOSE_RANGE_UNSHARE).
   *
   * @param end one more than the greatest descriptor that is copied
   * @return the copy, with one user
   */
  public FileDescriptorTable copyBelow(int end) {
    FileDescriptorTable copy = new FileDescriptorTable();
    lock.lock();
    copy.lock.lock();
    try {
      for (int fd = Math.min(end, entries.length()) - 1; fd >= 0; fd--) {
        Entry entry = entries.get(fd);
        if (entry != null) {
          entry.file.incRef();
          copy.putLocked(fd, entry);
        }
      }
      copy.lowestFree = Math.min(lowestFree, Math.max(end, 0));
      return copy;
    } finally {
      copy.lock.unlock();
      lock.unlock();
    }
  }

  /**
   * Returns the least open descriptor from a number on: with it the table is listed.
   *
   * @param from the least descriptor wanted, not negative
   * @return the descriptor, or -1 if no other is open
   */
  public int nextOpen(int from) {
    AtomicReferenceArray<@Nullable Entry> seen = entries;
    for (int fd = from; fd < seen.length(); fd++) {
      if (seen.get(fd) != null) {
        return fd;
      }
    }
    return -1;
  }

  /**
   * Returns how many descriptors there is room for now (FDSize of /proc/PID/status).
   *
   * @return the count
   */
  public int capacity() {
    return entries.length();
  }

  private @Nullable Entry entryAt(int fd) {
    AtomicReferenceArray<@Nullable Entry> seen = entries;
    return fd >= 0 && fd < seen.length() ? seen.get(fd) : null;
  }

  private Entry requireEntry(int fd) {
    Entry entry = entryAt(fd);
    if (entry == null) {
      throw LinuxException.of(Errno.EBADF);
    }
    return entry;
  }

  private int firstFreeLocked(int minimum) {
    int fd = Math.max(minimum, lowestFree);
    while (fd < entries.length() && entries.get(fd) != null) {
      fd++;
    }
    if (minimum <= lowestFree) {
      lowestFree = fd;
    }
    return fd;
  }

  private void putLocked(int fd, Entry entry) {
    if (fd >= entries.length()) {
      growLocked(fd);
    }
    entries.set(fd, entry);
    if (fd == lowestFree) {
      lowestFree++;
    }
  }

  private void growLocked(int fd) {
    int capacity = Math.max(Integer.highestOneBit(fd) * 2, INITIAL_CAPACITY);
    AtomicReferenceArray<@Nullable Entry> larger = new AtomicReferenceArray<>(capacity);
    for (int index = 0; index < entries.length(); index++) {
      larger.setPlain(index, entries.get(index));
    }
    entries = larger;
  }

  private void clearLocked(int fd) {
    entries.set(fd, null);
    lowestFree = Math.min(lowestFree, fd);
  }

  private void release(Entry entry) {
    try {
      FileLocks locks = entry.file.inode().locksIfAny();
      if (locks != null && !entry.file.isPath()) {
        // Closing any descriptor of a file gives up the process's record locks on it (fcntl(2)).
        locks.clearAll(this);
      }
      entry.file.closing();
    } finally {
      entry.file.decRef();
    }
  }

  private void releaseQuietly(Entry entry) {
    try {
      release(entry);
    } catch (LinuxException e) {
      // dup2, execve and exit have nobody to tell; Linux drops what the file says as well.
      return;
    } catch (RuntimeException e) {
      // A file that fails must not keep the others open, nor a task from ending.
      LOG.log(System.Logger.Level.ERROR, "a file failed when it was closed", e);
    }
  }
}
