package org.usermem.benchmarks.mm.stress;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.usermem.addr.AccessType;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.memmap.MapOptions;
import org.usermem.mm.AddressSpaceLayout;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.inprocess.InProcessPlatform;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

/** One memory file for all states of a test, which are many: each gives back what it has mapped. */
final class SharedProgram {

  static final long PAGE = 4096;

  /** Four bytes of a page that was filled. */
  static final int WORD = 0x01010101;

  static final HostMemoryFile FILE =
      HostMemoryFile.create(MemoryFileOptions.withLimit(8L << 30).reserving(16L << 30));

  private static final InProcessPlatform PLATFORM = new InProcessPlatform();

  static final MemoryManager MEMORY = newMemory();

  /** What takes the pages that the others free. */
  private static final MemoryManager OTHER = newMemory();

  private SharedProgram() {}

  static MemoryManager newMemory() {
    return MemoryManager.create(FILE, PLATFORM, AddressSpaceLayout.standard());
  }

  /** Maps a page of ones. */
  static long mapFilled(MemoryManager memory) {
    return mapFilled(memory, 1);
  }

  private static long mapFilled(MemoryManager memory, int value) {
    long addr = memory.mmap(MapOptions.builder(PAGE).access(AccessType.READ_WRITE).build());
    byte[] bytes = new byte[(int) PAGE];
    Arrays.fill(bytes, (byte) value);
    memory.copyOut(addr, MemorySegment.ofArray(bytes), IOOpts.DEFAULT);
    return addr;
  }

  /** Fills a page with twos in another program, most likely the last that was freed. */
  static void reuseAPage() {
    OTHER.munmap(mapFilled(OTHER, 2), PAGE);
  }

  /** Copies 64 bytes; returns the last, or 0 for EFAULT. */
  static int load(MemoryManager memory, long addr) {
    byte[] bytes = new byte[64];
    try {
      memory.copyIn(addr, MemorySegment.ofArray(bytes), IOOpts.DEFAULT);
      return bytes[63];
    } catch (LinuxException e) {
      return 0;
    }
  }

  /** Copies after the time that an unguarded copy may be late by. */
  static int loadLater(MemoryManager memory, long addr) {
    Linger.on();
    return load(memory, addr);
  }

  /** Writes 64 bytes of a value, if that is possible. */
  static void store(MemoryManager memory, long addr, int value) {
    byte[] bytes = new byte[64];
    Arrays.fill(bytes, (byte) value);
    try {
      memory.copyOut(addr, MemorySegment.ofArray(bytes), IOOpts.DEFAULT);
    } catch (LinuxException e) {
      // Too late.
    }
  }
}
