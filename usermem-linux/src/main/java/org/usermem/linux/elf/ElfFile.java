package org.usermem.linux.elf;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * An ELF file that can be loaded: header, program headers, and the name of its interpreter.
 * Segments have been checked against each other and against the size of an address space, so that
 * whoever maps them need not fear overflow; whether the file has the bytes that they speak of is
 * not known.
 *
 * @param header the file header
 * @param segments the PT_LOAD headers, in the file's order, at least one
 * @param programHeaders all headers
 * @param interpreter the path in PT_INTERP as it stands there, one char a byte
 * @param executableStack whether PT_GNU_STACK asks for one
 */
public record ElfFile(
    ElfHeader header,
    List<ProgramHeader> segments,
    List<ProgramHeader> programHeaders,
    @Nullable String interpreter,
    boolean executableStack) {

  private static final long TASK_SIZE = 0x7fff_ffff_f000L;
  private static final long PAGE_SIZE = 4096;
  private static final int MAXIMUM_PATH = 4096;

  /**
   * Reads and checks an executable, as {@code load_elf_binary} and {@code load_elf_phdrs} do.
   *
   * @throws LinuxException ENOEXEC if the file is no executable for this machine, is truncated, or
   *     contradicts itself
   */
  public static ElfFile parse(ExecutableBytes file) {
    MemorySegment head = MemorySegment.ofArray(new byte[ElfHeader.BYTE_COUNT]);
    ElfHeader header = ElfHeader.parse(head, file.read(0, head));
    int tableByteCount = header.programHeaderCount() * ProgramHeader.BYTE_COUNT;
    MemorySegment table = MemorySegment.ofArray(new byte[tableByteCount]);
    if (file.read(header.programHeaderOffset(), table) != tableByteCount) {
      throw LinuxException.of(Errno.ENOEXEC);
    }
    List<ProgramHeader> all = new ArrayList<>(header.programHeaderCount());
    List<ProgramHeader> segments = new ArrayList<>();
    String interpreter = null;
    boolean executableStack = false;
    for (int i = 0; i < header.programHeaderCount(); i++) {
      ProgramHeader each = ProgramHeader.parse(table, i);
      all.add(each);
      switch (each.type()) {
        case ProgramHeader.LOAD -> segments.add(checked(each));
        case ProgramHeader.GNU_STACK ->
            executableStack = (each.flags() & ProgramHeader.EXECUTABLE) != 0;
        case ProgramHeader.INTERPRETER -> {
          if (interpreter == null) {
            interpreter = interpreterPath(file, each);
          }
        }
        default -> {}
      }
    }
    if (segments.isEmpty()) {
      throw LinuxException.of(Errno.ENOEXEC);
    }
    return new ElfFile(
        header, List.copyOf(segments), List.copyOf(all), interpreter, executableStack);
  }

  private static ProgramHeader checked(ProgramHeader segment) {
    long address = segment.address();
    boolean sane =
        Long.compareUnsigned(address, TASK_SIZE) < 0
            && Long.compareUnsigned(segment.memoryByteCount(), TASK_SIZE - address) <= 0
            && Long.compareUnsigned(segment.fileByteCount(), segment.memoryByteCount()) <= 0
            && segment.offset() >= 0
            && segment.offset() <= Long.MAX_VALUE - TASK_SIZE
            && (segment.fileByteCount() == 0
                || segment.offset() % PAGE_SIZE == address % PAGE_SIZE);
    if (!sane) {
      throw LinuxException.of(Errno.ENOEXEC);
    }
    return segment;
  }

  private static String interpreterPath(ExecutableBytes file, ProgramHeader header) {
    long byteCount = header.fileByteCount();
    if (byteCount < 2 || byteCount > MAXIMUM_PATH || header.offset() < 0) {
      throw LinuxException.of(Errno.ENOEXEC);
    }
    byte[] path = new byte[(int) byteCount];
    if (file.read(header.offset(), MemorySegment.ofArray(path)) != byteCount
        || path[path.length - 1] != 0) {
      throw LinuxException.of(Errno.ENOEXEC);
    }
    int length = 0;
    while (path[length] != 0) {
      length++;
    }
    return new String(path, 0, length, StandardCharsets.ISO_8859_1);
  }

  /** Whether it can be placed anywhere. */
  public boolean isPositionIndependent() {
    return header.type() == ElfHeader.SHARED;
  }

  /** The lowest page of all segments, before any bias. */
  public long lowestPage() {
    long lowest = Long.MAX_VALUE;
    for (ProgramHeader each : segments) {
      lowest = Math.min(lowest, each.address() & -PAGE_SIZE);
    }
    return lowest;
  }

  /** The first byte past all segments, before any bias, not rounded. */
  public long end() {
    long end = 0;
    for (ProgramHeader each : segments) {
      end = Math.max(end, each.end());
    }
    return end;
  }

  /**
   * The largest alignment a segment asks for: a power of two, at least a page ({@code
   * maximum_alignment}).
   */
  public long alignment() {
    long alignment = PAGE_SIZE;
    for (ProgramHeader each : segments) {
      long asked = each.alignment();
      if (Long.bitCount(asked) == 1 && asked > alignment) {
        alignment = asked;
      }
    }
    return alignment;
  }

  /** Where the program headers are in memory, before any bias; 0 if no segment holds them. */
  public long programHeaderAddress() {
    for (ProgramHeader each : segments) {
      long into = header.programHeaderOffset() - each.offset();
      if (into >= 0 && into < each.fileByteCount()) {
        return each.address() + into;
      }
    }
    return 0;
  }
}
