package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.mm.Memory.PAGE;
import static org.usermem.mm.Memory.anonymous;
import static org.usermem.mm.Memory.anonymousAt;
import static org.usermem.mm.Memory.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.memmap.LockMode;

class LimitTest {

  private static final long BASE = 0x500000000L;
  private static final long NONE = MemoryLimits.INFINITE;

  private final Memory memory = new Memory();
  private final MemoryManager mm = memory.manager();

  @AfterEach
  void close() {
    memory.close();
  }

  private void limit(long addressSpace, long data, long stack, long locked, int mapCount) {
    MemoryLimits limits = new MemoryLimits(addressSpace, data, stack, locked, false, mapCount);
    mm.useLimits(() -> limits);
  }

  @Test
  void addressSpace() {
    limit(10 * PAGE, -1, NONE, NONE, 100);
    mm.mmap(anonymousAt(BASE, 8 * PAGE).build());
    assertErrno(Errno.ENOMEM, () -> mm.mmap(anonymous(3 * PAGE).build()));
    mm.mmap(anonymousAt(BASE + 7 * PAGE, 3 * PAGE).build());
    assertErrno(Errno.ENOMEM, () -> mm.mremap(BASE, 10 * PAGE, 11 * PAGE, RemapOptions.MAY_MOVE));
    mm.setBrkStart(BASE + 100 * PAGE);
    assertEquals(BASE + 100 * PAGE, mm.brk(BASE + 101 * PAGE));
  }

  @Test
  void data() {
    limit(NONE, 4 * PAGE, NONE, NONE, 100);
    mm.mmap(anonymousAt(BASE, 4 * PAGE).build());
    assertErrno(Errno.ENOMEM, () -> mm.mmap(anonymous(PAGE).build()));
    mm.mmap(anonymousAt(BASE + 8 * PAGE, 4 * PAGE).access(AccessType.READ).build());
    assertErrno(
        Errno.ENOMEM, () -> mm.mprotect(BASE + 8 * PAGE, PAGE, AccessType.READ_WRITE, false));
    mm.mmap(anonymous(4 * PAGE).shared().build());
    mm.setBrkStart(BASE + 100 * PAGE);
    assertEquals(BASE + 100 * PAGE, mm.brk(BASE + 101 * PAGE));
  }

  @Test
  void stack() {
    limit(NONE, NONE, 8 * PAGE, NONE, 100);
    mm.mmap(anonymousAt(BASE, 4 * PAGE).growsDown(true).build());
    assertEquals(FaultOutcome.HANDLED, mm.handleFault(BASE - 4 * PAGE, AccessType.WRITE, 0));
    assertEquals(FaultOutcome.MAPERR, mm.handleFault(BASE - 5 * PAGE, AccessType.WRITE, 0));
  }

  @Test
  void stackKeepsItsDistance() {
    long gap = 256 * PAGE;
    mm.mmap(anonymousAt(BASE, PAGE).build());
    mm.mmap(anonymousAt(BASE + PAGE + gap + PAGE, PAGE).growsDown(true).build());
    assertEquals(FaultOutcome.HANDLED, mm.handleFault(BASE + PAGE + gap, AccessType.READ, 0));
    assertEquals(FaultOutcome.MAPERR, mm.handleFault(BASE + gap, AccessType.READ, 0));
    mm.mprotect(BASE, PAGE, AccessType.NONE, false);
    assertEquals(FaultOutcome.HANDLED, mm.handleFault(BASE + gap, AccessType.READ, 0));
  }

  @Test
  void locked() {
    limit(NONE, NONE, NONE, 4 * PAGE, 100);
    mm.mmap(anonymousAt(BASE, 8 * PAGE).build());
    mm.mlock(BASE + 5, 3 * PAGE, LockMode.EAGER);
    assertErrno(Errno.ENOMEM, () -> mm.mlock(BASE + 6 * PAGE, PAGE, LockMode.EAGER));
    mm.mlock(BASE, 4 * PAGE, LockMode.LAZY);
    assertErrno(Errno.EAGAIN, () -> mm.mmap(anonymous(PAGE).lockMode(LockMode.EAGER).build()));
    assertErrno(Errno.ENOMEM, () -> mm.mlockAll(true, false, LockMode.EAGER));
    mm.mlock(BASE, 4 * PAGE, LockMode.NONE);
    assertEquals(0, mm.totals().locked());
    mm.mlockAll(false, true, LockMode.EAGER);
    long addr = mm.mmap(anonymous(2 * PAGE).build());
    byte[] resident = new byte[2];
    mm.mincore(addr, resident);
    assertEquals(2, resident[0] + resident[1]);
    assertErrno(Errno.EAGAIN, () -> mm.mremap(addr, 2 * PAGE, 5 * PAGE, RemapOptions.MAY_MOVE));
    mm.munlockAll();
    assertEquals(0, mm.totals().locked());
    limit(NONE, NONE, NONE, 0, 100);
    assertErrno(Errno.EPERM, () -> mm.mlock(BASE, PAGE, LockMode.EAGER));
    assertErrno(Errno.EPERM, () -> mm.mlockAll(true, false, LockMode.EAGER));
  }

  @Test
  void areas() {
    limit(NONE, NONE, NONE, NONE, 10);
    mm.mmap(anonymousAt(BASE, 40 * PAGE).build());
    int split = 0;
    for (int i = 1; i < 40; i += 2) {
      try {
        mm.mprotect(BASE + i * PAGE, PAGE, AccessType.READ, false);
        split++;
      } catch (LinuxException e) {
        assertEquals(Errno.ENOMEM, e.errno());
      }
    }
    // Four in the middle add two each, the last page one.
    assertEquals(5, split);
    assertErrno(
        Errno.ENOMEM,
        () -> {
          for (int i = 20; i < 40; i += 2) {
            mm.munmap(BASE + i * PAGE, PAGE);
          }
        });
    assertErrno(Errno.EAGAIN, () -> mm.madvise(BASE + 31 * PAGE, PAGE, Advice.DONTFORK));
    assertTrue(mm.areas(false).size() <= 11);
  }

  @Test
  void ofTheMemoryFile() {
    try (Memory small = new Memory(1L << 20)) {
      MemoryManager tight = small.manager();
      tight.mmap(anonymousAt(BASE, 4L << 20).build());
      long done = tight.copyOut(BASE, Memory.segment(new byte[2 << 20]), IOOpts.DEFAULT);
      assertEquals(1L << 20, done);
      assertErrno(
          Errno.EFAULT,
          () -> tight.copyOut(BASE + (1L << 20), Memory.segment(new byte[1]), IOOpts.DEFAULT));
      assertEquals(
          FaultOutcome.OUT_OF_MEMORY, tight.handleFault(BASE + (2L << 20), AccessType.WRITE, 0));
      assertErrno(
          Errno.ENOMEM, () -> tight.madvise(BASE + (2L << 20), PAGE, Advice.POPULATE_WRITE));
      assertErrno(Errno.EAGAIN, () -> tight.mlock(BASE + (2L << 20), PAGE, LockMode.EAGER));
      tight.munmap(BASE, 64 * PAGE);
      assertEquals(FaultOutcome.HANDLED, tight.handleFault(BASE + (2L << 20), AccessType.WRITE, 0));
    }
  }
}
