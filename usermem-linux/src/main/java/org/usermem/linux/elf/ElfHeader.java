package org.usermem.linux.elf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * The file header of an ELF file for x86-64 (Elf64_Ehdr, elf(5)): what {@code load_elf_binary} of
 * fs/binfmt_elf.c looks at and no more.
 *
 * @param type {@link #EXECUTABLE} or {@link #SHARED}
 * @param entry the entry point, before any bias
 * @param programHeaderOffset where the program headers stand in the file
 * @param programHeaderCount how many there are
 */
public record ElfHeader(int type, long entry, long programHeaderOffset, int programHeaderCount) {
  /** Byte count of the header. */
  public static final int BYTE_COUNT = 64;

  /** ET_EXEC: linked for fixed addresses. */
  public static final int EXECUTABLE = 2;

  /** ET_DYN: position-independent. */
  public static final int SHARED = 3;

  private static final int MACHINE_X86_64 = 62;
  private static final int MAXIMUM_PROGRAM_HEADER_BYTES = 65536;

  /** Whether these first bytes of a file carry the ELF magic number. */
  public static boolean hasMagic(MemorySegment head, long byteCount) {
    return byteCount >= 4
        && head.get(JAVA_BYTE, 0) == 0x7f
        && head.get(JAVA_BYTE, 1) == 'E'
        && head.get(JAVA_BYTE, 2) == 'L'
        && head.get(JAVA_BYTE, 3) == 'F';
  }

  /**
   * Parses the first bytes of a file.
   *
   * @param head at least {@code byteCount} bytes
   * @param byteCount how many of them the file has
   * @throws LinuxException ENOEXEC unless it is a loadable file for this machine
   */
  public static ElfHeader parse(MemorySegment head, long byteCount) {
    if (byteCount < BYTE_COUNT || !hasMagic(head, byteCount)) {
      throw LinuxException.of(Errno.ENOEXEC);
    }
    boolean sixtyFourBits = head.get(JAVA_BYTE, 4) == 2;
    boolean littleEndian = head.get(JAVA_BYTE, 5) == 1;
    int type = Short.toUnsignedInt(head.get(JAVA_SHORT_UNALIGNED, 16));
    int machine = Short.toUnsignedInt(head.get(JAVA_SHORT_UNALIGNED, 18));
    long entry = head.get(JAVA_LONG_UNALIGNED, 24);
    long headerOffset = head.get(JAVA_LONG_UNALIGNED, 32);
    int headerSize = Short.toUnsignedInt(head.get(JAVA_SHORT_UNALIGNED, 54));
    int headerCount = Short.toUnsignedInt(head.get(JAVA_SHORT_UNALIGNED, 56));
    boolean known =
        sixtyFourBits
            && littleEndian
            && machine == MACHINE_X86_64
            && (type == EXECUTABLE || type == SHARED);
    boolean loadable =
        headerSize == ProgramHeader.BYTE_COUNT
            && headerCount > 0
            && headerCount * headerSize <= MAXIMUM_PROGRAM_HEADER_BYTES
            && headerOffset >= 0
            && headerOffset <= Long.MAX_VALUE - MAXIMUM_PROGRAM_HEADER_BYTES
            && head.get(JAVA_INT_UNALIGNED, 20) == 1;
    if (!known || !loadable) {
      throw LinuxException.of(Errno.ENOEXEC);
    }
    return new ElfHeader(type, entry, headerOffset, headerCount);
  }
}
