package org.usermem.platform.inprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.memmap.FileRange;
import org.usermem.platform.Context;
import org.usermem.platform.FileMapping;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.Platforms;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

class InProcessPlatformTest {

  private static final long BASE = 0x40_0000;

  private final InProcessPlatform platform = new InProcessPlatform();
  private final InProcessAddressSpace space = (InProcessAddressSpace) platform.newAddressSpace();

  @Test
  void aMappingTranslatesToItsOffset() {
    space.mapFile(BASE, new FileRange(0x8000, 0xa000), AccessType.READ, false);
    assertEquals(OptionalLong.of(0x9004), space.translate(BASE + 0x1004, AccessType.READ));
    assertEquals(OptionalLong.empty(), space.translate(BASE + 0x1004, AccessType.WRITE));
    assertEquals(OptionalLong.empty(), space.translate(BASE + 0x2000, AccessType.READ));
  }

  @Test
  void mappingsReplaceAndSplitOthers() {
    space.mapFile(BASE, new FileRange(0, 0x4000), AccessType.READ_WRITE, false);
    space.mapFile(BASE + 0x1000, new FileRange(0x9000, 0xa000), AccessType.READ, false);
    space.unmap(BASE + 0x3000, 0x1000);
    assertEquals(
        List.of(
            new FileMapping(BASE, new FileRange(0, 0x1000), AccessType.READ_WRITE, false),
            new FileMapping(BASE + 0x1000, new FileRange(0x9000, 0xa000), AccessType.READ, false),
            new FileMapping(
                BASE + 0x2000, new FileRange(0x2000, 0x3000), AccessType.READ_WRITE, false)),
        space.mappings());
  }

  @Test
  void guestCodeRunsOnTheCallersThreadAndFaults() {
    InProcessPlatform guests =
        new InProcessPlatform(
            (context, registers) ->
                context.access(registers.rsp(), AccessType.WRITE).isPresent()
                    ? StopReason.SYSCALL
                    : StopReason.FAULT);
    try (InProcessAddressSpace memory = (InProcessAddressSpace) guests.newAddressSpace();
        Context context = memory.newContext()) {
      Registers registers = new Registers();
      registers.setRsp(BASE + 8);
      assertEquals(StopReason.FAULT, context.run(registers));
      assertEquals(BASE + 8, context.faultAddress());
      assertEquals(AccessType.WRITE, context.faultAccess());
      memory.mapFile(BASE, new FileRange(0, 0x1000), AccessType.READ_WRITE, false);
      assertEquals(StopReason.SYSCALL, context.run(registers));
      context.interrupt();
      assertEquals(StopReason.INTERRUPTED, context.run(registers));
    }
    assertEquals(0, guests.addressSpaceCount());
  }

  @Test
  void mappingsOutsideThePlatformsAddressesAreRefused() {
    FileRange page = new FileRange(0, 0x1000);
    for (long address : new long[] {0, 0x7fff_ffff_f000L, -0x1000L, BASE + 1}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> space.mapFile(address, page, AccessType.READ, false));
    }
  }

  @Test
  void isFoundByItsKind() {
    try (HostMemoryFile file = HostMemoryFile.create(MemoryFileOptions.withLimit(1 << 20));
        Platform found = Platforms.open(PlatformKind.IN_PROCESS, file)) {
      assertTrue(found instanceof InProcessPlatform);
    }
  }
}
