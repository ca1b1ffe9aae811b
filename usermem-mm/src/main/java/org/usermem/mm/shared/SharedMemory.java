package org.usermem.mm.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Translation;
import org.usermem.memmap.UntrackedMappable;

/**
 * An object of shared memory: pages that come into being when they are touched and stay until the
 * last reference goes. It is never truncated, so it need not know where it is mapped.
 *
 * <p>Thread-safe. Its lock is taken by {@link #translate}, that is, after the lock of the pages of
 * an address space.
 */
public class SharedMemory implements UntrackedMappable, MappingIdentity {

  private static final String ANONYMOUS_NAME = "/dev/zero (deleted)";

  private final MemoryFile file;
  private final long byteCount;
  private final String name;
  private final long inode;
  private final AtomicInteger references = new AtomicInteger(1);
  private final ReentrantLock lock = new ReentrantLock();

  /** From offset here to range of the memory file; adjacent ones are one. Guarded by the lock. */
  private final TreeMap<Long, FileRange> ranges = new TreeMap<>();

  private boolean freed;

  /**
   * Makes an object without pages; the caller has one reference.
   *
   * @param file where its pages are
   * @param byteCount its size, a multiple of the page size; pages beyond are SIGBUS
   * @param name as /proc/PID/maps shows it
   * @param inode as /proc/PID/maps shows it
   */
  public SharedMemory(MemoryFile file, long byteCount, String name, long inode) {
    this.file = file;
    this.byteCount = byteCount;
    this.name = name;
    this.inode = inode;
  }

  /** Makes what MAP_SHARED with MAP_ANONYMOUS maps; the caller has one reference. */
  public static SharedMemory anonymous(MemoryFile file, long byteCount, long inode) {
    return new SharedMemory(file, byteCount, ANONYMOUS_NAME, inode);
  }

  /** Returns whether this is what MAP_SHARED with MAP_ANONYMOUS maps. */
  public final boolean isAnonymous() {
    return name.equals(ANONYMOUS_NAME);
  }

  /** Returns the size in bytes, a multiple of the page size. */
  public final long byteCount() {
    return byteCount;
  }

  /** Returns which offsets have pages, and where those are. */
  public final Map<Long, FileRange> ranges() {
    lock.lock();
    try {
      return new TreeMap<>(ranges);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of bytes that have pages. */
  public final long residentBytes() {
    lock.lock();
    try {
      long bytes = 0;
      for (FileRange range : ranges.values()) {
        bytes += range.byteCount();
      }
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Translation> translate(
      MappableRange required, MappableRange optional, AccessType access) {
    long start = optional.start();
    long end = Math.min(optional.end(), byteCount);
    if (required.start() >= byteCount) {
      return List.of();
    }
    lock.lock();
    try {
      if (freed) {
        throw new IllegalStateException(name + " is used without a reference");
      }
      fill(start, end, Math.min(required.end(), byteCount), required.start());
      return collect(required.start(), start, end);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isResident(long offset) {
    lock.lock();
    try {
      Map.Entry<Long, FileRange> before = ranges.floorEntry(offset);
      return before != null && offset < before.getKey() + before.getValue().byteCount();
    } finally {
      lock.unlock();
    }
  }

  /** Gives pages to a range where there are none yet; the optional part only if there is room. */
  private void fill(long start, long end, long requiredEnd, long requiredStart) {
    long at = start;
    while (at < end) {
      Map.Entry<Long, FileRange> before = ranges.floorEntry(at);
      if (before != null && at < before.getKey() + before.getValue().byteCount()) {
        at = before.getKey() + before.getValue().byteCount();
        continue;
      }
      Long next = ranges.higherKey(at);
      long stop = next == null ? end : Math.min(end, next);
      try {
        insert(at, file.allocate(stop - at, MemoryKind.SHMEM));
      } catch (LinuxException e) {
        if (stop > requiredStart && at < requiredEnd) {
          fillExactly(Math.max(at, requiredStart), Math.min(stop, requiredEnd));
        }
      }
      at = stop;
    }
  }

  private void fillExactly(long start, long end) {
    for (long at = start; at < end; at += Addr.PAGE_SIZE) {
      try {
        insert(at, file.allocate(Addr.PAGE_SIZE, MemoryKind.SHMEM));
      } catch (LinuxException e) {
        if (at == start && find(start) == null) {
          throw e;
        }
        return;
      }
    }
  }

  private @Nullable FileRange find(long offset) {
    Map.Entry<Long, FileRange> at = ranges.floorEntry(offset);
    return at == null || offset >= at.getKey() + at.getValue().byteCount() ? null : at.getValue();
  }

  private void insert(long offset, FileRange range) {
    long start = offset;
    FileRange all = range;
    Map.Entry<Long, FileRange> before = ranges.floorEntry(offset);
    if (before != null
        && before.getKey() + before.getValue().byteCount() == offset
        && before.getValue().end() == range.start()) {
      start = before.getKey();
      all = new FileRange(before.getValue().start(), range.end());
    }
    FileRange after = ranges.get(offset + range.byteCount());
    if (after != null && after.start() == range.end()) {
      ranges.remove(offset + range.byteCount());
      all = new FileRange(all.start(), after.end());
    }
    ranges.put(start, all);
  }

  /** Translations without gaps around an offset, within bounds. */
  private List<Translation> collect(long required, long start, long end) {
    List<Translation> result = new ArrayList<>();
    long from = required;
    for (Map.Entry<Long, FileRange> at = ranges.floorEntry(required);
        at != null && at.getKey() + at.getValue().byteCount() >= from && from > start;
        at = ranges.lowerEntry(at.getKey())) {
      from = Math.max(at.getKey(), start);
    }
    long reached = from;
    while (reached < end) {
      Map.Entry<Long, FileRange> at = ranges.floorEntry(reached);
      if (at == null || reached >= at.getKey() + at.getValue().byteCount()) {
        break;
      }
      long stop = Math.min(end, at.getKey() + at.getValue().byteCount());
      result.add(
          new Translation(
              new MappableRange(reached, stop),
              at.getValue().start() + (reached - at.getKey()),
              AccessType.ANY));
      reached = stop;
    }
    return result;
  }

  @Override
  public void incRef() {
    if (references.getAndIncrement() <= 0) {
      throw new IllegalStateException(name + " is revived");
    }
  }

  @Override
  public void decRef() {
    int left = references.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException(name + " has a reference dropped that nobody had");
    }
    if (left == 0) {
      free();
    }
  }

  private void free() {
    List<FileRange> all;
    lock.lock();
    try {
      freed = true;
      all = new ArrayList<>(ranges.values());
      ranges.clear();
    } finally {
      lock.unlock();
    }
    for (FileRange range : all) {
      file.decRef(range);
    }
  }

  @Override
  public String mappedName() {
    return name;
  }

  /** The device of the kernel's internal mount of tmpfs, as Linux shows it: 00:01. */
  @Override
  public long deviceId() {
    return 1;
  }

  @Override
  public long inodeId() {
    return inode;
  }

  /** Makes bytes zero, and gives their memory back to the host where that pays. */
  @Override
  public void punchHole(MappableRange range) {
    lock.lock();
    try {
      long at = range.start();
      while (at < range.end()) {
        Map.Entry<Long, FileRange> entry = ranges.floorEntry(at);
        if (entry == null || at >= entry.getKey() + entry.getValue().byteCount()) {
          entry = ranges.higherEntry(at);
        }
        if (entry == null || entry.getKey() >= range.end()) {
          return;
        }
        long from = Math.max(at, entry.getKey());
        long to = Math.min(range.end(), entry.getKey() + entry.getValue().byteCount());
        long start = entry.getValue().start() + (from - entry.getKey());
        // Others have references too, and see zeros as they must.
        file.decommit(new FileRange(start, start + (to - from)));
        at = to;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void msync(MappableRange range) {
    // Nothing is behind the pages.
  }
}
