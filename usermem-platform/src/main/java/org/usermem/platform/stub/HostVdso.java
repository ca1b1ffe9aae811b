package org.usermem.platform.stub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.usermem.platform.host.SystemCall;

/**
 * What the host's kernel puts into every process so that it can read clocks without a system call
 * (vdso(7)): code, and before it pages with the state of the clocks. In a stub process both stay,
 * at an address that is the same in all of them, for guest code to call. There is nothing that it
 * could gain: neither can be written to, and a system call of the code is trapped as any other.
 */
final class HostVdso {

  private static final String FUNCTION = "__vdso_clock_gettime";
  private static final int MREMAP_MAYMOVE_FIXED = 3;

  private static final int PROGRAM_HEADERS_AT = 32;
  private static final int PROGRAM_HEADER_COUNT_AT = 56;
  private static final int ELF_HEADER_BYTES = 64;
  private static final int PROGRAM_HEADER_BYTES = 56;
  private static final int SYMBOL_BYTES = 24;
  private static final int PT_DYNAMIC = 2;
  private static final int DT_STRTAB = 5;
  private static final int DT_SYMTAB = 6;

  private record Area(long start, long end, boolean isCode) {}

  private HostVdso() {}

  /**
   * Moves the host's code and data to {@link StubLayout#VDSO}.
   *
   * @param leader a thread of the process
   * @param site where the code of {@code inject} is
   * @return the address of {@code clock_gettime}; 0 if this host has none that can be kept, and
   *     then nothing is at the new place
   */
  static long keep(TracedThread leader, long site) {
    Path process = Path.of("/proc", Integer.toString(leader.processId()));
    try {
      List<Area> areas = areas(process);
      if (areas.isEmpty() || !areas.getLast().isCode) {
        return 0;
      }
      long first = areas.getFirst().start;
      Area code = areas.getLast();
      long function = function(read(process, code));
      if (function == 0 || code.end - first > StubLayout.VDSO_BYTES) {
        return 0;
      }
      for (Area area : areas) {
        if (!move(leader, site, area, StubLayout.VDSO + (area.start - first))) {
          leader.injectAt(
              site, SystemCall.MUNMAP, StubLayout.VDSO, StubLayout.VDSO_BYTES, 0, 0, 0, 0);
          return 0;
        }
      }
      return StubLayout.VDSO + (code.start - first) + function;
    } catch (IOException unreadable) {
      // Without /proc programs make system calls to read clocks.
      return 0;
    }
  }

  /**
   * Returns whether the host answers calls into the vsyscall page, of which processes get rid as
   * little as of the kernel.
   */
  static boolean hasVsyscallPage(TracedThread leader) {
    Path maps = Path.of("/proc", Integer.toString(leader.processId()), "maps");
    try {
      return Files.readAllLines(maps).stream().anyMatch(line -> line.endsWith("[vsyscall]"));
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static boolean move(TracedThread leader, long site, Area area, long address) {
    long byteCount = area.end - area.start;
    return leader.injectAt(
            site,
            SystemCall.MREMAP,
            area.start,
            byteCount,
            byteCount,
            MREMAP_MAYMOVE_FIXED,
            address,
            0)
        == address;
  }

  /** Returns the areas [vvar], [vvar_vclock] and so on, and [vdso], which is the last of them. */
  private static List<Area> areas(Path process) throws IOException {
    List<Area> areas = new ArrayList<>();
    for (String line : Files.readAllLines(process.resolve("maps"))) {
      boolean isCode = line.endsWith("[vdso]");
      if (isCode || line.contains(" [vvar")) {
        int dash = line.indexOf('-');
        long start = Long.parseUnsignedLong(line.substring(0, dash), 16);
        long end = Long.parseUnsignedLong(line.substring(dash + 1, line.indexOf(' ')), 16);
        areas.add(new Area(start, end, isCode));
      }
    }
    return areas;
  }

  private static ByteBuffer read(Path process, Area area) throws IOException {
    ByteBuffer image = ByteBuffer.allocate((int) (area.end - area.start));
    try (FileChannel memory = FileChannel.open(process.resolve("mem"))) {
      while (image.hasRemaining() && memory.read(image, area.start + image.position()) > 0) {}
    }
    return image.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the offset of the function in an image that starts at address 0; 0 if it has none. */
  private static long function(ByteBuffer image) {
    int dynamic = dynamicSection(image);
    if (dynamic == 0) {
      return 0;
    }
    int symbols = 0;
    int strings = 0;
    for (int at = dynamic; image.getLong(at) != 0; at += 2 * Long.BYTES) {
      switch ((int) image.getLong(at)) {
        case DT_SYMTAB -> symbols = (int) image.getLong(at + Long.BYTES);
        case DT_STRTAB -> strings = (int) image.getLong(at + Long.BYTES);
        default -> {}
      }
    }
    // The linker puts the strings right behind the symbols, whose number is said nowhere else.
    for (int at = symbols; at > 0 && at + SYMBOL_BYTES <= strings; at += SYMBOL_BYTES) {
      if (hasName(image, strings + image.getInt(at))) {
        return image.getLong(at + Long.BYTES);
      }
    }
    return 0;
  }

  private static int dynamicSection(ByteBuffer image) {
    int count = image.getShort(PROGRAM_HEADER_COUNT_AT);
    if (image.getLong(PROGRAM_HEADERS_AT) != ELF_HEADER_BYTES) {
      return 0;
    }
    for (int i = 0; i < count; i++) {
      int header = ELF_HEADER_BYTES + i * PROGRAM_HEADER_BYTES;
      if (image.getInt(header) == PT_DYNAMIC) {
        return (int) image.getLong(header + Long.BYTES);
      }
    }
    return 0;
  }

  private static boolean hasName(ByteBuffer image, int at) {
    byte[] wanted = (FUNCTION + '\0').getBytes(StandardCharsets.US_ASCII);
    return image
        .slice(at, Math.min(wanted.length, image.capacity() - at))
        .equals(ByteBuffer.wrap(wanted));
  }
}
