package org.usermem.fs.overlay;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.NewFile;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.tmpfs.TmpfsFile;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingSet;
import org.usermem.memmap.MappingSpace;
import org.usermem.memmap.Translation;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * The bytes of a file of an overlay: those of the lower file until the first change, then a copy in
 * memory. Mappings stay mappings of this, whichever of the two it has; they are handed over when
 * the copy is made.
 */
final class OverlayContents implements Mappable {

  private static final int COPY_BYTE_COUNT = 256 << 10;

  private final OverlayFileSystem fileSystem;
  private final @Nullable RegularFile lower;
  private volatile @Nullable TmpfsFile upper;

  /** Guards the mappings, and keeps the file behind them from being replaced. */
  private final ReentrantLock mapsLock = new ReentrantLock();

  private final MappingSet mappings = new MappingSet();

  /** Creates the contents of a file that stands for a lower one. */
  OverlayContents(OverlayFileSystem fileSystem, RegularFile lower) {
    this.fileSystem = fileSystem;
    this.lower = lower;
  }

  /** Creates the contents of a new file, empty. */
  OverlayContents(OverlayFileSystem fileSystem) {
    this.fileSystem = fileSystem;
    this.lower = null;
    this.upper = newUpper();
  }

  private TmpfsFile newUpper() {
    TmpfsFile made = fileSystem.storage().createUnnamed(new NewFile(0600, 0, 0));
    // Ours until the file of the overlay is disposed of.
    made.incUses();
    return made;
  }

  /** Returns the copy in memory, if there is one. */
  @Nullable TmpfsFile upper() {
    return upper;
  }

  /** Returns the lower file, if there is one. */
  @Nullable RegularFile lower() {
    return lower;
  }

  /** Returns the file that has the bytes now. */
  RegularFile current() {
    TmpfsFile above = upper;
    if (above != null) {
      return above;
    }
    RegularFile below = lower;
    if (below == null) {
      throw LinuxException.of(Errno.EIO);
    }
    return below;
  }

  long read(Sink dst, long offset) {
    return current().readAt(dst, offset);
  }

  /**
   * Makes the copy in memory unless there is one; one call at a time.
   *
   * @param attributes what the copy has from the start, a complete change
   * @param keptByteCount how many of the bytes are needed
   */
  TmpfsFile copyUp(AttributeChange attributes, long keptByteCount) {
    TmpfsFile existing = upper;
    if (existing != null) {
      return existing;
    }
    RegularFile below = current();
    TmpfsFile made = newUpper();
    try {
      copy(below, made, Math.min(keptByteCount, below.byteSize()));
      made.setAttributes(attributes);
    } catch (LinuxException e) {
      made.decUses();
      throw e;
    }
    handOver(below, made);
    return made;
  }

  private static void copy(RegularFile from, TmpfsFile to, long byteCount) {
    MemorySegment buffer =
        MemorySegment.ofArray(new byte[(int) Math.min(COPY_BYTE_COUNT, byteCount)]);
    long offset = 0;
    while (offset < byteCount) {
      MemorySegment part = buffer.asSlice(0, Math.min(COPY_BYTE_COUNT, byteCount - offset));
      long read = from.readAt(Sink.of(part), offset);
      if (read == 0) {
        break;
      }
      long written = to.writeAt(Source.of(part.asSlice(0, read)), offset);
      if (written < read) {
        throw LinuxException.of(Errno.ENOSPC);
      }
      offset += read;
    }
    if (to.byteSize() != byteCount) {
      to.setAttributes(AttributeChange.NONE.withByteSize(byteCount));
    }
  }

  private void handOver(RegularFile below, TmpfsFile made) {
    mapsLock.lock();
    try {
      Mappable after = made.mappable();
      mappings.forEach(after::addMapping);
      upper = made;
      if (!mappings.isEmpty()) {
        Mappable before = below.mappable();
        mappings.invalidateAll(false);
        mappings.forEach(before::removeMapping);
      }
    } finally {
      mapsLock.unlock();
    }
  }

  /** Frees the copy in memory; nobody uses the file any more. */
  void free() {
    TmpfsFile above = upper;
    upper = null;
    if (above != null) {
      above.decUses();
    }
  }

  @Override
  public void addMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {
    mapsLock.lock();
    try {
      current().mappable().addMapping(space, range, offset, writable);
      mappings.addMapping(space, range, offset, writable);
    } finally {
      mapsLock.unlock();
    }
  }

  @Override
  public void removeMapping(MappingSpace space, AddrRange range, long offset, boolean writable) {
    mapsLock.lock();
    try {
      mappings.removeMapping(space, range, offset, writable);
      current().mappable().removeMapping(space, range, offset, writable);
    } finally {
      mapsLock.unlock();
    }
  }

  @Override
  public void copyMapping(
      MappingSpace space, AddrRange source, AddrRange destination, long offset, boolean writable) {
    mapsLock.lock();
    try {
      current().mappable().copyMapping(space, source, destination, offset, writable);
      mappings.addMapping(space, destination, offset, writable);
    } finally {
      mapsLock.unlock();
    }
  }

  // Not under mapsLock, as Mappable demands: whoever gets pages of the lower file in the middle of
  // a
  // hand-over is invalidated by it.
  @Override
  public List<Translation> translate(
      MappableRange required, MappableRange optional, AccessType access) {
    return current().mappable().translate(required, optional, access);
  }

  @Override
  public boolean isResident(long offset) {
    return current().mappable().isResident(offset);
  }
}
