package org.usermem.linux.exec;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.linux.elf.ElfFile;
import org.usermem.linux.elf.ProgramHeader;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.Placement;
import org.usermem.mm.AddressSpaceLayout;
import org.usermem.mm.MemoryManager;

/**
 * Maps the segments of an ELF file into an address space that no program runs in yet ({@code
 * elf_load}).
 */
final class ElfMapper {
  /** Where an ELF file is in memory. */
  record Mapped(ElfFile elf, long bias) {
    long entry() {
      return elf.header().entry() + bias;
    }

    long programHeaders() {
      long address = elf.programHeaderAddress();
      return address == 0 ? 0 : address + bias;
    }

    long end() {
      return elf.end() + bias;
    }

    /** The first segment with code. */
    AddrRange code() {
      return range(ProgramHeader.EXECUTABLE);
    }

    /** The first segment with data that can change. */
    AddrRange data() {
      return range(ProgramHeader.WRITABLE);
    }

    private AddrRange range(int flag) {
      for (ProgramHeader segment : elf.segments()) {
        if ((segment.flags() & flag) != 0) {
          return AddrRange.of(segment.address() + bias, segment.fileByteCount());
        }
      }
      return new AddrRange(0, 0);
    }
  }

  private static final int COPY_BYTE_COUNT = 1 << 16;

  private final MemoryManager memory;
  private final Executable executable;

  ElfMapper(MemoryManager memory, Executable executable) {
    this.memory = memory;
    this.executable = executable;
  }

  /**
   * Maps a file.
   *
   * @param hint where the lowest page of a position-independent file should be; 0 for anywhere
   */
  Mapped map(ElfFile elf, long hint) {
    long bias = elf.isPositionIndependent() ? place(elf, hint) - elf.lowestPage() : 0;
    for (ProgramHeader segment : elf.segments()) {
      mapSegment(segment, bias);
    }
    return new Mapped(elf, bias);
  }

  /** Finds room for all segments together, with the alignment that they ask for. */
  private long place(ElfFile elf, long hint) {
    long alignment = elf.alignment();
    long length = Addr.pageRoundUp(elf.end()) - elf.lowestPage();
    long room = length + alignment - Addr.PAGE_SIZE;
    if (room < length || room > AddressSpaceLayout.TASK_SIZE) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    MapOptions reservation = MapOptions.builder(room).at(hint, Placement.ANYWHERE).build();
    long start = memory.mmap(reservation);
    memory.munmap(start, room);
    return (start + alignment - 1) & -alignment;
  }

  private void mapSegment(ProgramHeader segment, long bias) {
    if (segment.memoryByteCount() == 0) {
      return;
    }
    AccessType access = access(segment);
    long start = segment.address() + bias;
    long fileEnd = start + segment.fileByteCount();
    long end = start + segment.memoryByteCount();
    long anonymousStart = Addr.pageRoundDown(start);
    if (segment.fileByteCount() > 0) {
      mapFile(segment, start, fileEnd, access);
      anonymousStart = Addr.pageRoundUp(fileEnd);
      if (end > fileEnd && access.canWrite() && anonymousStart > fileEnd) {
        memory.zeroOut(fileEnd, anonymousStart - fileEnd, IOOpts.DEFAULT);
      }
    }
    long anonymousEnd = Addr.pageRoundUp(end);
    if (anonymousEnd > anonymousStart) {
      memory.mmap(
          MapOptions.builder(anonymousEnd - anonymousStart)
              .at(anonymousStart, Placement.FIXED_NO_REPLACE)
              .access(access)
              .build());
    }
  }

  private void mapFile(ProgramHeader segment, long start, long end, AccessType access) {
    long page = Addr.pageRoundDown(start);
    long offset = segment.offset() - (start - page);
    MapOptions options =
        MapOptions.builder(Addr.pageRoundUp(end) - page)
            .at(page, Placement.FIXED_NO_REPLACE)
            .mappable(null, null, offset)
            .access(access)
            .build();
    MapOptions configured;
    try {
      configured = executable.file().configureMap(options);
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENODEV) {
        throw e;
      }
      copyFile(options, offset, end - page);
      return;
    }
    try {
      memory.mmap(configured);
    } finally {
      // The mapping has a reference of its own.
      MappingIdentity identity = configured.identity();
      if (identity != null) {
        identity.decRef();
      }
    }
  }

  /** For a file system whose files can't be mapped: memory with the file's bytes does as well. */
  private void copyFile(MapOptions options, long offset, long byteCount) {
    long address = memory.mmap(options.toBuilder().mappable(null, null, 0).build());
    MemorySegment buffer = MemorySegment.ofArray(new byte[COPY_BYTE_COUNT]);
    long done = 0;
    while (done < byteCount) {
      long wanted = Math.min(COPY_BYTE_COUNT, byteCount - done);
      long byteCountRead = executable.read(offset + done, buffer.asSlice(0, wanted));
      if (byteCountRead == 0) {
        break;
      }
      memory.copyOutFully(
          address + done, buffer.asSlice(0, byteCountRead), IOOpts.IGNORE_PERMISSIONS);
      done += byteCountRead;
    }
  }

  private static AccessType access(ProgramHeader segment) {
    int flags = segment.flags();
    int bits = 0;
    bits |= (flags & ProgramHeader.READABLE) != 0 ? AccessType.READ_BIT : 0;
    bits |= (flags & ProgramHeader.WRITABLE) != 0 ? AccessType.WRITE_BIT : 0;
    bits |= (flags & ProgramHeader.EXECUTABLE) != 0 ? AccessType.EXECUTE_BIT : 0;
    return AccessType.of(bits);
  }
}
