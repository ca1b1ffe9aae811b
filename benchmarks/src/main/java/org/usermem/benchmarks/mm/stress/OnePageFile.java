package org.usermem.benchmarks.mm.stress;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.MappingSet;
import org.usermem.memmap.MappingSpace;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Translation;

/** A file of one page of ones that is mapped and truncated. */
final class OnePageFile implements Mappable, MappingIdentity {

  private static final MappableRange ALL = new MappableRange(0, SharedProgram.PAGE);

  private final ReentrantLock mappingLock = new ReentrantLock();
  private final MappingSet mappings = new MappingSet();
  private final ReentrantLock pageLock = new ReentrantLock();
  private final FileRange page = newPage(1);
  private boolean truncated;

  private static FileRange newPage(int value) {
    FileRange page = SharedProgram.FILE.allocate(SharedProgram.PAGE, MemoryKind.PAGE_CACHE);
    SharedProgram.FILE.segment(page).fill((byte) value);
    return page;
  }

  /** Makes another file's page, most likely of the last that was freed, and frees it. */
  static void reuseAPage() {
    SharedProgram.FILE.decRef(newPage(2));
  }

  /** Maps the file shared; returns where. */
  long map() {
    return SharedProgram.MEMORY.mmap(
        MapOptions.builder(SharedProgram.PAGE)
            .access(AccessType.READ_WRITE)
            .isPrivate(false)
            .mappable(this, this, 0)
            .build());
  }

  /** Makes the file empty. */
  void truncate() {
    mappingLock.lock();
    try {
      setTruncated();
      mappings.invalidate(ALL, true);
      SharedProgram.FILE.decRef(page);
    } finally {
      mappingLock.unlock();
    }
  }

  private void setTruncated() {
    pageLock.lock();
    try {
      truncated = true;
    } finally {
      pageLock.unlock();
    }
  }

  @Override
  public List<Translation> translate(
      MappableRange required, MappableRange optional, AccessType access) {
    pageLock.lock();
    try {
      return truncated ? List.of() : List.of(new Translation(ALL, page.start(), AccessType.ANY));
    } finally {
      pageLock.unlock();
    }
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
  public void incRef() {}

  @Override
  public void decRef() {}

  @Override
  public String mappedName() {
    return "/file";
  }

  @Override
  public long deviceId() {
    return 1;
  }

  @Override
  public long inodeId() {
    return 1;
  }

  @Override
  public void msync(MappableRange range) {}
}
