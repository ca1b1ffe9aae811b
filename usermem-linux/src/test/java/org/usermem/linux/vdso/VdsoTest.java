package org.usermem.linux.vdso;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.io.IOOpts;
import org.usermem.mm.AddressSpaceLayout;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.inprocess.GuestCode;
import org.usermem.platform.inprocess.InProcessPlatform;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

class VdsoTest {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final long HOST = 0x7fff_1234_5678L;
  private static final long DT_HASH = 4;
  private static final long DT_STRTAB = 5;
  private static final long DT_SYMTAB = 6;
  private static final int SYMBOL_BYTES = 24;

  private final HostMemoryFile memoryFile =
      HostMemoryFile.create(
          MemoryFileOptions.withLimit(16 << 20).reserving(1L << 30).trackingOwners());
  private final InProcessPlatform platform = new InProcessPlatform(GuestCode.NONE);
  private final MemoryManager memory =
      MemoryManager.create(memoryFile, platform, AddressSpaceLayout.standard());

  @AfterEach
  void close() {
    memory.decUsers();
    assertEquals(List.of(), memoryFile.references());
    platform.close();
    memoryFile.close();
  }

  private MemorySegment mapped(OptionalLong function) {
    MemorySegment page = MemorySegment.ofArray(new byte[(int) Addr.PAGE_SIZE]);
    memory.copyInFully(Vdso.of(function).map(memory), page, IOOpts.DEFAULT);
    return page;
  }

  /** The functions and versions that the dynamic section names, with their offsets. */
  private static Map<String, Long> symbols(MemorySegment image) {
    Map<Long, Long> dynamic = new HashMap<>();
    // The second program header is that of the dynamic section.
    for (long at = image.get(LONG, 64 + 56 + 8); image.get(LONG, at) != 0; at += 16) {
      dynamic.put(image.get(LONG, at), image.get(LONG, at + 8));
    }
    long count = image.get(INT, dynamic.get(DT_HASH) + 4);
    Map<String, Long> symbols = new HashMap<>();
    for (long i = 0; i < count; i++) {
      long symbol = dynamic.get(DT_SYMTAB) + i * SYMBOL_BYTES;
      String name = image.getString(dynamic.get(DT_STRTAB) + image.get(INT, symbol));
      symbols.put(name, image.get(LONG, symbol + 8));
    }
    return symbols;
  }

  @Test
  void theImageHasTheFunctionsOfTheKernels() {
    MemorySegment image = mapped(OptionalLong.of(HOST));
    assertEquals(0x464c_457f, image.get(INT, 0));
    List<String> functions =
        List.of("clock_gettime", "gettimeofday", "time", "clock_getres", "getcpu");
    for (String function : functions) {
      assertTrue(symbols(image).get("__vdso_" + function) > 0, function);
    }
    assertTrue(symbols(image).containsKey("LINUX_2.6"));
  }

  @Test
  void theFunctionsKnowThatOfTheHost() {
    for (OptionalLong host : List.of(OptionalLong.of(HOST), OptionalLong.empty())) {
      MemorySegment image = mapped(host);
      for (String function : List.of("clock_gettime", "gettimeofday", "time")) {
        long code = symbols(image).get("__vdso_" + function);
        // mov host(%rip), %rax: three bytes, and the distance from behind the instruction.
        assertEquals(0x05_8b48, image.get(INT, code) & 0xff_ffff, function);
        assertEquals(host.orElse(0), image.get(LONG, code + 7 + image.get(INT, code + 3)));
      }
    }
  }

  @Test
  void eachProgramHasACopyThatOnlyADebuggerWrites() {
    Vdso vdso = Vdso.of(OptionalLong.empty());
    long first = vdso.map(memory);
    long second = vdso.map(memory);
    memory.copyOutFully(first, MemorySegment.ofArray(new byte[] {1}), IOOpts.IGNORE_PERMISSIONS);
    assertEquals(0x7f, memory.loadInt(second, IOOpts.DEFAULT) & 0xff);
    assertEquals(AccessType.READ_EXECUTE, memory.areaAt(first).orElseThrow().access());
  }
}
