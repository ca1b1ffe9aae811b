package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.kernel.ProcessTest.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.io.IOOpts;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.mm.AddressSpaceLayout;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.inprocess.GuestCode;
import org.usermem.platform.inprocess.InProcessPlatform;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

class DebugRegistersTest {

  private static final long END = 1L << 47;
  private static final long ADDR = 0x40_0000;
  private static final long ELSEWHERE = 0x1234;
  private static final int STATUS = 6;
  private static final int CONTROL = 7;

  /** DR7 with DR1 enabled, for writes of four bytes; for execution; for reads too; for ports. */
  private static final long WRITES = 0x00d0_0004;

  private static final long EXECUTION = 0x0000_0004;
  private static final long ACCESSES = 0x00f0_0004;
  private static final long PORTS = 0x0020_0004;

  private final HostMemoryFile memoryFile =
      HostMemoryFile.create(MemoryFileOptions.withLimit(16 << 20).reserving(1L << 30));
  private final InProcessPlatform platform = new InProcessPlatform(GuestCode.NONE);
  private final MemoryManager memory =
      MemoryManager.create(memoryFile, platform, AddressSpaceLayout.standard());
  private final DebugRegisters registers = new DebugRegisters();

  @BeforeEach
  void map() {
    memory.mmap(KernelFixture.anonymousAt(ADDR, 1));
  }

  @AfterEach
  void close() {
    memory.decUsers();
    platform.close();
    memoryFile.close();
  }

  private void watch(long addr, long control) {
    registers.set(1, addr, END);
    registers.set(CONTROL, control, END);
    registers.arm(memory);
  }

  private boolean check(long instruction) {
    return registers.check(memory, instruction, false);
  }

  @Test
  void aWriteThatChangesWhatIsWatchedIsSeen() {
    watch(ADDR + 4, WRITES);
    assertTrue(registers.isActive());
    assertFalse(check(ELSEWHERE));
    memory.storeInt(ADDR + 8, 1, IOOpts.DEFAULT);
    assertFalse(check(ELSEWHERE), "beside it");
    memory.storeInt(ADDR + 4, 1, IOOpts.DEFAULT);
    assertTrue(check(ELSEWHERE));
    assertEquals(0xffff_0ff2L, registers.get(STATUS));
    registers.arm(memory);
    assertFalse(check(ELSEWHERE));
    assertEquals(0xffff_0ff0L, registers.get(STATUS));
  }

  @Test
  void executionIsSeenBeforeTheInstruction() {
    watch(ELSEWHERE, EXECUTION);
    assertFalse(check(ELSEWHERE - 1));
    assertTrue(registers.check(memory, ELSEWHERE, true));
    assertEquals(0xffff_4ff2L, registers.get(STATUS));
  }

  @Test
  void memoryThatIsNotThereCanBeWatchedForWhatComes() {
    watch(ADDR + 0x1000, WRITES);
    assertFalse(check(ELSEWHERE));
    memory.mmap(KernelFixture.anonymousAt(ADDR + 0x1000, 1));
    memory.storeInt(ADDR + 0x1000, 1, IOOpts.DEFAULT);
    assertTrue(check(ELSEWHERE));
  }

  @Test
  void whatMakesNoSenseIsRefusedAndChangesNothing() {
    assertErrno(Errno.EINVAL, () -> registers.set(1, END, END));
    assertErrno(Errno.EIO, () -> registers.set(4, 0, END));
    registers.set(1, ADDR + 2, END);
    assertErrno(Errno.EINVAL, () -> registers.set(CONTROL, WRITES, END));
    registers.set(1, ADDR, END);
    assertErrno(Errno.ENOSPC, () -> registers.set(CONTROL, ACCESSES, END));
    assertErrno(Errno.EINVAL, () -> registers.set(CONTROL, PORTS, END));
    assertErrno(Errno.EINVAL, () -> registers.set(CONTROL, EXECUTION | 0x00c0_0000, END));
    assertFalse(registers.isActive());
    assertEquals(0, registers.get(CONTROL));
    assertEquals(ADDR, registers.get(1));
  }

  @Test
  void nothingIsWatchedAfterClear() {
    watch(ADDR, WRITES);
    registers.clear();
    memory.storeInt(ADDR, 1, IOOpts.DEFAULT);
    assertFalse(registers.isActive());
    assertFalse(check(ADDR));
  }
}
