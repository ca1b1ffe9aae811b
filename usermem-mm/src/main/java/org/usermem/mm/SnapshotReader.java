package org.usermem.mm;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Translation;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.numa.NumaPolicy;
import org.usermem.mm.pma.PageOrigin;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.shared.SharedMemory;
import org.usermem.mm.vma.VmaAttributes;
import org.usermem.platform.Platform;
import org.usermem.platform.memory.HostMemoryFile;

/**
 * Reads address spaces that a {@link SnapshotWriter} has written. The stream is not trusted: what
 * is no snapshot is an {@link IOException}, and nothing stays behind.
 *
 * <p>Not thread-safe. To be closed when all are read: it holds references on shared memory.
 */
public final class SnapshotReader implements AutoCloseable {

  private final DataInputStream in;
  private final MappingCodec codec;
  private final HostMemoryFile file;
  private final Platform platform;
  private final List<SharedMemory> shared = new ArrayList<>();
  private final AtomicLong inodes = new AtomicLong();
  private final byte[] page = new byte[(int) Addr.PAGE_SIZE];

  /**
   * Starts to read a snapshot.
   *
   * @param in where from; not closed
   * @param codec finds files and the like
   * @param file where the pages go
   * @param platform for the guests' sides
   */
  public SnapshotReader(
      InputStream in, MappingCodec codec, HostMemoryFile file, Platform platform) {
    this.in = new DataInputStream(in);
    this.codec = codec;
    this.file = file;
    this.platform = platform;
  }

  /**
   * Reads an address space, with one user.
   *
   * @throws IOException if the stream ends, fails or is damaged
   * @throws org.usermem.errno.LinuxException ENOMEM, or what a mappable refuses with
   */
  public MemoryManager read() throws IOException {
    if (in.readInt() != SnapshotFormat.MAGIC || in.readInt() != SnapshotFormat.VERSION) {
      throw new IOException("not a snapshot of an address space of version 1");
    }
    Space space = null;
    try {
      space = new Space(file, platform, readLayout(), inodes);
      readHeader(space);
      readAreas(space);
      readPages(space);
      MemoryManager manager = MemoryManager.of(space);
      space = null;
      return manager;
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IOException("the snapshot is damaged: " + e.getMessage(), e);
    } finally {
      if (space != null) {
        Lifetime.decUsers(space);
      }
    }
  }

  private AddressSpaceLayout readLayout() throws IOException {
    return new AddressSpaceLayout(
        in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readBoolean());
  }

  private void readHeader(Space space) throws IOException {
    space.brkStart = in.readLong();
    space.brkEnd = in.readLong();
    space.defaultLockMode = LockMode.valueOf(in.readUTF());
    space.membarrier.set(in.readInt());
    space.image =
        new ProgramImage(readRange(), readRange(), in.readLong(), readRange(), readRange());
  }

  private AddrRange readRange() throws IOException {
    return new AddrRange(in.readLong(), in.readLong());
  }

  private void readAreas(Space space) throws IOException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      long start = in.readLong();
      long end = in.readLong();
      long offset = in.readLong();
      require(
          Addr.isPageAligned(start | end | offset)
              && start >= 0
              && start < end
              && end <= space.layout.maxAddress()
              && space.vmas.tree().isFree(start, end),
          "an area from 0x%x to 0x%x".formatted(start, end));
      readArea(space, start, end, offset);
    }
  }

  private void readArea(Space space, long start, long end, long offset) throws IOException {
    AccessType access = AccessType.of(in.readByte());
    AccessType maxAccess = AccessType.of(in.readByte());
    int flags = in.readInt();
    LockMode lockMode = LockMode.valueOf(in.readUTF());
    NumaPolicy policy = new NumaPolicy(in.readInt(), in.readLong());
    String name = in.readBoolean() ? in.readUTF() : null;
    int kind = in.readByte();
    Mappable mappable = null;
    MappingIdentity identity = null;
    MappingIdentity dropped = null;
    switch (kind) {
      case SnapshotFormat.NOTHING -> {}
      case SnapshotFormat.SHARED_MEMORY, SnapshotFormat.KNOWN_SHARED_MEMORY -> {
        SharedMemory memory =
            kind == SnapshotFormat.SHARED_MEMORY ? readShared() : shared.get(index());
        mappable = memory;
        identity = memory;
      }
      case SnapshotFormat.OTHER -> {
        MappingCodec.Mapped mapped = codec.read(in);
        mappable = mapped.mappable();
        identity = mapped.identity();
        dropped = identity;
      }
      default -> throw new IOException("the snapshot is damaged: an area of kind " + kind);
    }
    VmaAttributes attributes =
        new VmaAttributes(mappable, identity, access, maxAccess, flags, lockMode, policy, name);
    insert(space, start, end, offset, attributes, dropped);
  }

  private int index() throws IOException {
    int index = in.readInt();
    require(index >= 0 && index < shared.size(), "shared memory " + index);
    return index;
  }

  private static void insert(
      Space space,
      long start,
      long end,
      long offset,
      VmaAttributes attributes,
      @Nullable MappingIdentity dropped) {
    space.locks.lockMappingsForWriting();
    try {
      Mmap.insert(space, start, end, offset, attributes);
    } finally {
      space.unlockMappings(new Retired());
      if (dropped != null) {
        dropped.decRef();
      }
    }
  }

  private SharedMemory readShared() throws IOException {
    long byteCount = in.readLong();
    require(byteCount > 0 && Addr.isPageAligned(byteCount), byteCount + " bytes shared");
    SharedMemory memory = new SharedMemory(file, byteCount, in.readUTF(), in.readLong());
    inodes.accumulateAndGet(memory.inodeId(), Math::max);
    shared.add(memory);
    for (long at = in.readLong(); at != -1; at = in.readLong()) {
      long length = in.readLong();
      require(
          at >= 0 && length > 0 && Addr.isPageAligned(at | length) && at + length <= byteCount,
          "shared pages at " + at);
      for (long done = 0; done < length; done += Addr.PAGE_SIZE) {
        MappableRange range = new MappableRange(at + done, at + done + Addr.PAGE_SIZE);
        Translation translation = memory.translate(range, range, AccessType.READ_WRITE).getFirst();
        readPage(translation.fileOffset());
      }
    }
    return memory;
  }

  private void readPages(Space space) throws IOException {
    for (long at = in.readLong(); at != -1; at = in.readLong()) {
      long length = in.readLong();
      require(
          at >= 0
              && length > 0
              && Addr.isPageAligned(at | length)
              && length <= space.layout.maxAddress() - at
              && space.vmas.tree().spanIn(at, at + length) == length,
          "pages at 0x%x".formatted(at));
      for (long done = 0; done < length; done += SnapshotFormat.CHUNK) {
        readPages(space, at + done, Math.min(length - done, SnapshotFormat.CHUNK));
      }
    }
  }

  private void readPages(Space space, long at, long length) throws IOException {
    require(space.pmas.tree().isFree(at, at + length), "pages at 0x%x".formatted(at));
    FileRange range = file.allocate(length, MemoryKind.ANONYMOUS);
    space.locks.lockPagesForWriting();
    try {
      space.pmas.insertMerged(
          new Pma(at, at + length, range.start(), PageOrigin.PRIVATE, AccessType.ANY, false));
    } finally {
      space.locks.unlockPagesForWriting();
    }
    for (long done = 0; done < length; done += Addr.PAGE_SIZE) {
      readPage(range.start() + done);
    }
  }

  private void readPage(long fileOffset) throws IOException {
    if (!in.readBoolean()) {
      in.readFully(page);
      MemorySegment.copy(page, 0, file.base(), ValueLayout.JAVA_BYTE, fileOffset, page.length);
    }
  }

  private static void require(boolean holds, String what) throws IOException {
    if (!holds) {
      throw new IOException("the snapshot is damaged: it has " + what);
    }
  }

  /** Drops the references on shared memory; the address spaces have their own. */
  @Override
  public void close() {
    shared.forEach(SharedMemory::decRef);
    shared.clear();
  }
}
