package org.usermem.benchmarks.mm.stress;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.usermem.addr.AccessType;
import org.usermem.io.IOOpts;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Placement;
import org.usermem.mm.AddressSpaceLayout;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.inprocess.InProcessPlatform;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

/** One memory file for all states of a test, which are many: each gives back what it has mapped. */
final class SharedProgram {

  static final long PAGE = 4096;

  private static final long APART = 0x20000000L;

  private static final HostMemoryFile FILE =
      HostMemoryFile.create(MemoryFileOptions.withLimit(8L << 30).reserving(16L << 30));
  private static final InProcessPlatform PLATFORM = new InProcessPlatform();

  static final MemoryManager MEMORY = newMemory();

  private SharedProgram() {}

  static MemoryManager newMemory() {
    return MemoryManager.create(FILE, PLATFORM, AddressSpaceLayout.standard());
  }

  static long mapFilled(byte value) {
    return mapFilled(MEMORY, value);
  }

  /** Maps a page and fills it. */
  static long mapFilled(MemoryManager memory, byte value) {
    long addr = memory.mmap(MapOptions.builder(PAGE).access(AccessType.READ_WRITE).build());
    fill(memory, addr, value);
    return addr;
  }

  /** Maps a page where nothing else is mapped, and fills it. */
  static long mapFilledApart(byte value) {
    long addr =
        MEMORY.mmap(
            MapOptions.builder(PAGE)
                .at(APART, Placement.ANYWHERE)
                .access(AccessType.READ_WRITE)
                .build());
    fill(MEMORY, addr, value);
    return addr;
  }

  private static void fill(MemoryManager memory, long addr, byte value) {
    byte[] bytes = new byte[(int) PAGE];
    Arrays.fill(bytes, value);
    memory.copyOut(addr, MemorySegment.ofArray(bytes), IOOpts.DEFAULT);
  }
}
