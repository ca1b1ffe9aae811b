package org.usermem.mm;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.Mappable;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.shared.SharedMemory;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaAttributes;

/**
 * Writes address spaces to a stream, whole: what is mapped, how, and the contents of all memory
 * that is not a file's. Memory that several of them share is written once.
 *
 * <p>Nobody may run in an address space, or change it, while it is written. Not thread-safe.
 */
public final class SnapshotWriter {

  private final DataOutputStream out;
  private final MappingCodec codec;
  private final IdentityHashMap<Mappable, Integer> written = new IdentityHashMap<>();
  private final byte[] page = new byte[(int) Addr.PAGE_SIZE];

  /**
   * Starts a snapshot.
   *
   * @param out where to; not closed
   * @param codec names files and the like
   */
  public SnapshotWriter(OutputStream out, MappingCodec codec) {
    this.out = new DataOutputStream(out);
    this.codec = codec;
  }

  /** Writes an address space. Contexts of asynchronous I/O are not part of it. */
  public void write(MemoryManager manager) throws IOException {
    Space space = manager.space();
    space.locks.lockMappingsForReading();
    try {
      space.locks.lockPagesForReading();
      try {
        writeHeader(space);
        writeAreas(space);
        writePages(space);
      } finally {
        space.locks.unlockPagesForReading();
      }
    } finally {
      space.locks.unlockMappingsForReading();
    }
    out.flush();
  }

  private void writeHeader(Space space) throws IOException {
    out.writeInt(SnapshotFormat.MAGIC);
    out.writeInt(SnapshotFormat.VERSION);
    AddressSpaceLayout layout = space.layout;
    out.writeLong(layout.minAddress());
    out.writeLong(layout.maxAddress());
    out.writeLong(layout.bottomUpBase());
    out.writeLong(layout.topDownBase());
    out.writeBoolean(layout.topDown());
    out.writeLong(space.brkStart);
    out.writeLong(space.brkEnd);
    out.writeUTF(space.defaultLockMode.name());
    out.writeInt(space.membarrier.get());
    ProgramImage image = space.image;
    writeRange(image.code());
    writeRange(image.data());
    out.writeLong(image.stackStart());
    writeRange(image.arguments());
    writeRange(image.environment());
  }

  private void writeRange(AddrRange range) throws IOException {
    out.writeLong(range.start());
    out.writeLong(range.end());
  }

  private void writeAreas(Space space) throws IOException {
    out.writeInt(space.vmas.tree().size());
    for (Vma vma = space.vmas.tree().first(); vma != null; vma = vma.next()) {
      VmaAttributes attributes = vma.attributes();
      out.writeLong(vma.start());
      out.writeLong(vma.end());
      out.writeLong(vma.offset());
      out.writeByte(attributes.access().bits());
      out.writeByte(attributes.maxAccess().bits());
      out.writeInt(attributes.flags());
      out.writeUTF(attributes.lockMode().name());
      out.writeInt(attributes.numaPolicy().mode());
      out.writeLong(attributes.numaPolicy().nodeMask());
      writeName(attributes.name());
      writeMapped(space, attributes);
    }
  }

  private void writeName(@Nullable String name) throws IOException {
    out.writeBoolean(name != null);
    if (name != null) {
      out.writeUTF(name);
    }
  }

  private void writeMapped(Space space, VmaAttributes attributes) throws IOException {
    Mappable mappable = attributes.mappable();
    if (mappable == null) {
      out.writeByte(SnapshotFormat.NOTHING);
    } else if (!(mappable instanceof SharedMemory memory)) {
      out.writeByte(SnapshotFormat.OTHER);
      codec.write(mappable, attributes.identity(), out);
    } else if (written.containsKey(mappable)) {
      out.writeByte(SnapshotFormat.KNOWN_SHARED_MEMORY);
      out.writeInt(written.get(mappable));
    } else {
      written.put(mappable, written.size());
      out.writeByte(SnapshotFormat.SHARED_MEMORY);
      out.writeLong(memory.byteCount());
      out.writeUTF(memory.mappedName());
      out.writeLong(memory.inodeId());
      for (Map.Entry<Long, FileRange> entry : memory.ranges().entrySet()) {
        writeContents(space, entry.getKey(), entry.getValue());
      }
      out.writeLong(-1);
    }
  }

  /** Private pages by address; those of mappables are theirs to keep. */
  private void writePages(Space space) throws IOException {
    for (Pma pma = space.pmas.tree().first(); pma != null; pma = pma.next()) {
      if (pma.isPrivate()) {
        long start = pma.fileOffset();
        writeContents(space, pma.start(), new FileRange(start, start + pma.byteCount()));
      }
    }
    out.writeLong(-1);
  }

  /** Where, how much, and page by page whether it is zero and what is in it. */
  private void writeContents(Space space, long position, FileRange range) throws IOException {
    out.writeLong(position);
    out.writeLong(range.byteCount());
    MemorySegment base = space.file.base();
    for (long at = range.start(); at < range.end(); at += Addr.PAGE_SIZE) {
      MemorySegment.copy(base, ValueLayout.JAVA_BYTE, at, page, 0, page.length);
      boolean zero = isZero(page);
      out.writeBoolean(zero);
      if (!zero) {
        out.write(page);
      }
    }
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }
}
