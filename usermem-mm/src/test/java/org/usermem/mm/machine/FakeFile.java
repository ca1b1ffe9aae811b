package org.usermem.mm.machine;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.MappingSet;
import org.usermem.memmap.MappingSpace;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Translation;

/** A file in memory that can be mapped, truncated, written and punched: as simple as can be. */
public final class FakeFile implements Mappable, MappingIdentity, AutoCloseable {

  private static final long PAGE = 4096;

  private final MemoryFile file;
  private final ReentrantLock mappingLock = new ReentrantLock();
  private final MappingSet mappings = new MappingSet();
  private final ReentrantLock pageLock = new ReentrantLock();
  private final TreeMap<Long, FileRange> pages = new TreeMap<>();
  private long byteCount;
  private int references;

  /** Makes a file of zeros. */
  public FakeFile(MemoryFile file, long byteCount) {
    this.file = file;
    this.byteCount = byteCount;
  }

  @Override
  public void addMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {
    mappingLock.lock();
    try {
      mappings.addMapping(space, range, offset, writable);
    } finally {
      mappingLock.unlock();
    }
  }

  @Override
  public void removeMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {
    mappingLock.lock();
    try {
      mappings.removeMapping(space, range, offset, writable);
    } finally {
      mappingLock.unlock();
    }
  }

  @Override
  public void copyMapping(
      MappingSpace space, AddrRange source, AddrRange destination, long offset, boolean writable) {
    addMapping(space, destination, offset, writable);
  }

  @Override
  public List<Translation> translate(
      MappableRange required, MappableRange optional, AccessType access) {
    pageLock.lock();
    try {
      List<Translation> result = new ArrayList<>();
      long end = Math.min(required.end(), byteCount);
      for (long at = required.start(); at < end; at += PAGE) {
        result.add(
            new Translation(new MappableRange(at, at + PAGE), page(at).start(), AccessType.ANY));
      }
      return result;
    } finally {
      pageLock.unlock();
    }
  }

  private FileRange page(long offset) {
    FileRange page = pages.get(offset);
    if (page == null) {
      page = file.allocate(PAGE, MemoryKind.PAGE_CACHE);
      pages.put(offset, page);
    }
    return page;
  }

  /** ftruncate(2), to whole pages. */
  public void truncate(long newByteCount) {
    mappingLock.lock();
    try {
      long old = exchangeByteCount(newByteCount);
      if (newByteCount < old) {
        mappings.invalidate(new MappableRange(newByteCount, Addr.pageRoundUp(old)), true);
        free(newByteCount, Long.MAX_VALUE);
      }
    } finally {
      mappingLock.unlock();
    }
  }

  private long exchangeByteCount(long newByteCount) {
    pageLock.lock();
    try {
      long old = byteCount;
      byteCount = newByteCount;
      return old;
    } finally {
      pageLock.unlock();
    }
  }

  private void free(long start, long end) {
    pageLock.lock();
    try {
      var gone = pages.subMap(start, end);
      gone.values().forEach(file::decRef);
      gone.clear();
    } finally {
      pageLock.unlock();
    }
  }

  @Override
  public void punchHole(MappableRange range) {
    mappingLock.lock();
    try {
      mappings.invalidate(range, false);
      free(range.start(), range.end());
    } finally {
      mappingLock.unlock();
    }
  }

  /** pwrite(2), which makes the file longer where need be. */
  public void write(long offset, byte[] bytes) {
    pageLock.lock();
    try {
      for (int i = 0; i < bytes.length; i++) {
        long at = offset + i;
        FileRange page = page(at & -PAGE);
        file.segment(page).set(ValueLayout.JAVA_BYTE, at & (PAGE - 1), bytes[i]);
      }
      byteCount = Math.max(byteCount, offset + bytes.length);
    } finally {
      pageLock.unlock();
    }
  }

  /** pread(2). */
  public byte[] read(long offset, int length) {
    pageLock.lock();
    try {
      byte[] bytes = new byte[Math.clamp(byteCount - offset, 0, length)];
      for (int i = 0; i < bytes.length; i++) {
        @Nullable FileRange page = pages.get((offset + i) & -PAGE);
        if (page != null) {
          bytes[i] = file.segment(page).get(ValueLayout.JAVA_BYTE, (offset + i) & (PAGE - 1));
        }
      }
      return bytes;
    } finally {
      pageLock.unlock();
    }
  }

  /** Returns whether somebody maps it. */
  public boolean isMapped() {
    mappingLock.lock();
    try {
      return !mappings.isEmpty();
    } finally {
      mappingLock.unlock();
    }
  }

  /** Returns how many references there are. */
  public synchronized int references() {
    return references;
  }

  @Override
  public synchronized void incRef() {
    references++;
  }

  @Override
  public synchronized void decRef() {
    references--;
  }

  @Override
  public String mappedName() {
    return "/file";
  }

  @Override
  public long deviceId() {
    return 0x801;
  }

  @Override
  public long inodeId() {
    return 42;
  }

  @Override
  public void msync(MappableRange range) {}

  @Override
  public void close() {
    free(0, Long.MAX_VALUE);
  }
}
