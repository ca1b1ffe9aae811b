package org.usermem.fs.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.fs.FileDescription;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.Translation;

/**
 * A mapping of the first pages of a file, as memory management would make it, and the memory behind
 * it. It looks pages up anew for each access, as after an invalidation.
 */
public final class TestMapping implements AutoCloseable {

  private static final int PAGE_BYTE_SIZE = 4096;
  private static final long ADDRESS = 0x7000_0000L;

  private final MountedFileSystem mounted;
  private final RecordingSpace space = new RecordingSpace();
  private final Mappable mappable;
  private final MappingIdentity identity;
  private final AddrRange range;
  private final boolean writable;

  /**
   * Maps a file.
   *
   * @param mounted where the file is
   * @param path the file
   * @param flags how it is opened; the description is closed, the mapping keeps it alive
   * @param pageCount how many pages are mapped
   * @param writable whether the mapping is shared and can be stored to
   */
  public TestMapping(
      MountedFileSystem mounted, String path, int flags, int pageCount, boolean writable) {
    this.mounted = mounted;
    this.writable = writable;
    this.range = AddrRange.of(ADDRESS, (long) pageCount * PAGE_BYTE_SIZE);
    FileDescription file = mounted.open(path, flags);
    try {
      MapOptions options =
          file.configureMap(
              MapOptions.builder(range.byteCount())
                  .access(writable ? AccessType.READ_WRITE : AccessType.READ)
                  .isPrivate(!writable)
                  .build());
      this.mappable = require(options.mappable());
      // The reference that the caller of configureMap gets serves as that of the mapping.
      this.identity = require(options.identity());
    } finally {
      file.decRef();
    }
    mappable.addMapping(space, range, 0, writable);
  }

  private static <T> T require(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("the file says that it can be mapped, but not what is mapped");
    }
    return value;
  }

  /** Returns the space that the file is mapped in. */
  public RecordingSpace space() {
    return space;
  }

  /** Returns the addresses of some pages of the mapping. */
  public AddrRange addresses(int firstPage, int pageCount) {
    return AddrRange.of(
        ADDRESS + (long) firstPage * PAGE_BYTE_SIZE, (long) pageCount * PAGE_BYTE_SIZE);
  }

  /** Returns what is at an offset of the mapping. */
  public String text(int offset, int byteCount) {
    byte[] bytes = new byte[byteCount];
    for (int done = 0; done < byteCount; ) {
      MemorySegment rest = memory(offset + done, AccessType.READ);
      int count = (int) Math.min(byteCount - done, rest.byteSize());
      MemorySegment.copy(rest, ValueLayout.JAVA_BYTE, 0, bytes, done, count);
      done += count;
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Stores bytes at an offset of the mapping. */
  public void store(int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int done = 0; done < bytes.length; ) {
      MemorySegment rest = memory(offset + done, AccessType.READ_WRITE);
      int count = (int) Math.min(bytes.length - done, rest.byteSize());
      MemorySegment.copy(bytes, done, rest, ValueLayout.JAVA_BYTE, 0, count);
      done += count;
    }
  }

  private MemorySegment memory(int offset, AccessType access) {
    long page = offset & -PAGE_BYTE_SIZE;
    MappableRange required = MappableRange.of(page, PAGE_BYTE_SIZE);
    List<Translation> found =
        mappable.translate(required, new MappableRange(0, range.byteCount()), access);
    if (found.isEmpty()) {
      throw new AssertionError("offset " + offset + " is beyond the end of what is mapped");
    }
    Translation first = found.getFirst();
    long start = first.source().start();
    if (start > page || first.source().end() <= page || !first.access().contains(access)) {
      throw new AssertionError("asked for " + required + " " + access + ", got " + first);
    }
    return mounted.memory().segment(first.fileRange()).asSlice(offset - start);
  }

  /** Returns up to which offset there is something behind the mapping. */
  public long reach() {
    long reached = 0;
    MappableRange all = new MappableRange(0, range.byteCount());
    for (Translation each : mappable.translate(all, all, AccessType.READ)) {
      reached = each.source().end();
    }
    return reached;
  }

  /** Writes what was stored back, as msync(2). */
  public void sync() {
    identity.msync(new MappableRange(0, range.byteCount()));
  }

  /** Unmaps the file. */
  @Override
  public void close() {
    mappable.removeMapping(space, range, 0, writable);
    identity.decRef();
  }
}
