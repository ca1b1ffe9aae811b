package org.usermem.mm;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.usermem.addr.AccessType;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.MemoryFile;
import org.usermem.memmap.Translation;
import org.usermem.memmap.UntrackedMappable;

/**
 * Pages of the sentry's own that programs map, such as the vdso. It owns them: they are freed with
 * the last reference. Linux: {@code _install_special_mapping}.
 *
 * <p>Thread-safe.
 */
public final class SpecialMappable implements UntrackedMappable, MappingIdentity {

  private final MemoryFile file;
  private final FileRange range;
  private final String name;
  private final AtomicInteger references = new AtomicInteger(1);

  /**
   * Takes over pages; the caller has the first reference on the result.
   *
   * @param range pages that the caller has a reference on, which it gives up
   * @param name as /proc/PID/maps shows it
   */
  public SpecialMappable(MemoryFile file, FileRange range, String name) {
    this.file = file;
    this.range = range;
    this.name = name;
  }

  /** Returns where the pages are. */
  public FileRange range() {
    return range;
  }

  @Override
  public List<Translation> translate(
      MappableRange required, MappableRange optional, AccessType access) {
    long end = Math.min(optional.end(), range.byteCount());
    if (required.start() >= end) {
      return List.of();
    }
    MappableRange source = new MappableRange(optional.start(), end);
    return List.of(new Translation(source, range.start() + source.start(), AccessType.ANY));
  }

  @Override
  public boolean isResident(long offset) {
    return offset < range.byteCount();
  }

  @Override
  public void incRef() {
    references.incrementAndGet();
  }

  @Override
  public void decRef() {
    int left = references.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException(name + " has a reference dropped that nobody had");
    }
    if (left == 0) {
      file.decRef(range);
    }
  }

  @Override
  public boolean mayExpand() {
    return false;
  }

  @Override
  public String mappedName() {
    return name;
  }

  @Override
  public long deviceId() {
    return 0;
  }

  @Override
  public long inodeId() {
    return 0;
  }

  @Override
  public void msync(MappableRange ignored) {
    // Nothing is behind the pages.
  }
}
