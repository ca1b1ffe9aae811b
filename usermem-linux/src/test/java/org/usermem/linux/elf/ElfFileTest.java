package org.usermem.linux.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class ElfFileTest {

  private static ExecutableBytes bytes(byte[] file) {
    return (position, destination) -> {
      long count = Math.max(0, Math.min(destination.byteSize(), file.length - position));
      if (count > 0) {
        MemorySegment.copy(MemorySegment.ofArray(file), position, destination, 0, count);
      }
      return count;
    };
  }

  private static Errno refusal(byte[] file) {
    return assertThrows(LinuxException.class, () -> ElfFile.parse(bytes(file))).errno();
  }

  @Test
  void aStaticFileSaysWhereItsSegmentsGo() {
    ElfFile elf = ElfFile.parse(bytes(new SampleElf().build()));
    assertFalse(elf.isPositionIndependent());
    assertNull(elf.interpreter());
    assertEquals(2, elf.segments().size());
    assertEquals(0x400000, elf.lowestPage());
    assertEquals(0x402000 + 0x3000, elf.end());
    assertEquals(0x400000 + 64, elf.programHeaderAddress());
    assertEquals(0x1000, elf.alignment());
    assertFalse(elf.executableStack());
  }

  @Test
  void aDynamicFileNamesItsInterpreter() {
    ElfFile elf =
        ElfFile.parse(
            bytes(new SampleElf().type(ElfHeader.SHARED).interpreter("/lib/ld.so\0").build()));
    assertTrue(elf.isPositionIndependent());
    assertEquals("/lib/ld.so", elf.interpreter());
  }

  @Test
  void anInterpreterWithoutFinalNulIsRefused() {
    assertEquals(Errno.ENOEXEC, refusal(new SampleElf().interpreter("/lib/ld.so").build()));
  }

  @Test
  void aFileThatEndsInsideItsProgramHeadersIsRefused() {
    byte[] file = new SampleElf().build();
    assertEquals(Errno.ENOEXEC, refusal(Arrays.copyOf(file, 64 + 56)));
    assertEquals(Errno.ENOEXEC, refusal(Arrays.copyOf(file, 63)));
    assertEquals(Errno.ENOEXEC, refusal(new byte[0]));
  }

  @Test
  void aSegmentBeyondTheAddressSpaceIsRefused() {
    byte[] file = new SampleElf().build();
    MemorySegment segment = MemorySegment.ofArray(file);
    segment.set(ValueLayout.JAVA_LONG_UNALIGNED, 64 + 40, Long.MAX_VALUE);
    assertEquals(Errno.ENOEXEC, refusal(file));
    segment.set(ValueLayout.JAVA_LONG_UNALIGNED, 64 + 40, -1L);
    assertEquals(Errno.ENOEXEC, refusal(file));
  }

  @Test
  void anotherMachineIsRefused() {
    byte[] file = new SampleElf().build();
    file[18] = 40;
    assertEquals(Errno.ENOEXEC, refusal(file));
  }

  @Property(tries = 2000, seed = "1")
  void whateverTheHeadersSayTheAnswerIsAFileOrEnoexec(
      @ForAll @IntRange(max = 64 + 3 * 56 - 1) int at,
      @ForAll @IntRange(max = 64 + 3 * 56 - 1) int alsoAt,
      @ForAll byte value,
      @ForAll byte alsoValue) {
    byte[] file = new SampleElf().interpreter("/lib/ld.so\0").build();
    file[at] = value;
    file[alsoAt] = alsoValue;
    try {
      ElfFile elf = ElfFile.parse(bytes(file));
      for (ProgramHeader each : elf.segments()) {
        assertTrue(each.address() >= 0 && each.end() >= each.address());
      }
    } catch (LinuxException e) {
      assertEquals(Errno.ENOEXEC, e.errno());
    }
  }
}
