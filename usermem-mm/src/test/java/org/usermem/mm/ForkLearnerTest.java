package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.mm.Memory.PAGE;
import static org.usermem.mm.Memory.anonymousAt;
import static org.usermem.mm.Memory.pattern;
import static org.usermem.mm.Memory.read;
import static org.usermem.mm.Memory.write;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.mm.machine.FakeFile;
import org.usermem.platform.inprocess.InProcessAddressSpace;

/** What is brought in after a fork, because it was faulted in after the forks before. */
class ForkLearnerTest {

  private static final long BASE = 0x300000000L;
  private static final long READ_ONLY = 0x310000000L;
  private static final int BYTES = (int) (4 * PAGE);

  private final Memory memory = new Memory();
  private final MemoryManager mm = memory.manager();

  ForkLearnerTest() {
    mm.mmap(anonymousAt(BASE, BYTES).build());
    mm.mmap(anonymousAt(READ_ONLY, PAGE).access(AccessType.READ).build());
    write(mm, BASE, pattern(BYTES, 1));
  }

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void firstChildFindsNothing() {
    MemoryManager child = begunFork();
    assertFalse(sees(child, BASE, AccessType.READ));
  }

  @Test
  void nextChildFindsWhatTheLastOneFaultedIn() {
    MemoryManager first = begunFork();
    fault(first, BASE + PAGE, AccessType.WRITE);
    fault(first, READ_ONLY, AccessType.READ);
    MemoryManager second = begunFork();
    assertTrue(sees(second, BASE + PAGE, AccessType.WRITE));
    assertTrue(sees(second, READ_ONLY, AccessType.READ));
    assertFalse(sees(second, READ_ONLY, AccessType.WRITE));
  }

  @Test
  void whatIsBroughtInIsACopy() {
    MemoryManager first = begunFork();
    fault(first, BASE, AccessType.WRITE);
    MemoryManager second = begunFork();
    write(second, BASE, pattern(100, 2));
    assertArrayEquals(pattern(BYTES, 1), read(mm, BASE, BYTES));
    assertArrayEquals(pattern(BYTES, 1), read(first, BASE, BYTES));
    write(mm, BASE, pattern(100, 3));
    assertArrayEquals(pattern(100, 2), read(second, BASE, 100));
  }

  @Test
  void parentFindsWhatItFaultedInAfterTheLastFork() {
    MemoryManager first = begunFork();
    fault(mm, BASE, AccessType.WRITE);
    MemoryManager second = begunFork();
    assertTrue(sees(mm, BASE, AccessType.WRITE));
    write(mm, BASE, pattern(100, 4));
    assertArrayEquals(pattern(BYTES, 1), read(first, BASE, BYTES));
    assertArrayEquals(pattern(BYTES, 1), read(second, BASE, BYTES));
  }

  @Test
  void whatIsNoLongerThereOrAllowedIsLeftOut() {
    MemoryManager first = begunFork();
    fault(first, BASE, AccessType.WRITE);
    fault(first, READ_ONLY, AccessType.READ);
    mm.munmap(READ_ONLY, PAGE);
    mm.mprotect(BASE, BYTES, AccessType.READ, false);
    MemoryManager second = begunFork();
    assertFalse(sees(second, READ_ONLY, AccessType.READ));
    assertFalse(sees(second, BASE, AccessType.WRITE));
  }

  @Test
  void privatePageOfFileIsTakenFromItByAWriteOnly() {
    try (FakeFile file = new FakeFile(memory.file, 2 * PAGE)) {
      mm.mmap(anonymousAt(BASE, 2 * PAGE).mappable(file, file, 0).build());
      write(mm, BASE + PAGE, pattern(100, 5));
      MemoryManager first = begunFork();
      fault(first, BASE, AccessType.WRITE);
      fault(mm, BASE, AccessType.WRITE);
      mm.mmap(anonymousAt(BASE, PAGE).mappable(file, file, 0).build());
      MemoryManager second = begunFork();
      file.write(0, pattern(100, 6));
      assertArrayEquals(pattern(100, 6), read(mm, BASE, 100));
      assertArrayEquals(pattern(100, 6), read(second, BASE, 100));
      memory.end(first);
      memory.end(second);
      mm.munmap(BASE, 2 * PAGE);
    }
  }

  @Test
  void childThatBeginsTwiceIsNotTouchedAgain() {
    MemoryManager first = begunFork();
    fault(first, BASE, AccessType.WRITE);
    MemoryManager second = begunFork();
    second.munmap(BASE, BYTES);
    second.guestBegins();
    assertFalse(sees(second, BASE, AccessType.READ));
  }

  @Test
  void onlyTheFirstFaultsAreRemembered() {
    long far = 0x320000000L;
    mm.mmap(anonymousAt(far, 64 * FaultAround.LARGEST).build());
    MemoryManager first = begunFork();
    for (int i = 0; i <= FaultHistory.CAPACITY; i++) {
      fault(first, far + i * FaultAround.LARGEST, AccessType.WRITE);
    }
    MemoryManager second = begunFork();
    long last = far + FaultHistory.CAPACITY * FaultAround.LARGEST;
    assertTrue(sees(second, last - FaultAround.LARGEST, AccessType.WRITE));
    assertFalse(sees(second, last, AccessType.WRITE));
  }

  @Test
  void whatIsRememberedIsForgottenAfterManyForks() {
    MemoryManager first = begunFork();
    fault(first, BASE, AccessType.WRITE);
    boolean seen = true;
    for (int i = 0; seen && i < 1000; i++) {
      MemoryManager next = begunFork();
      seen = sees(next, BASE, AccessType.WRITE);
      memory.end(next);
    }
    assertFalse(seen);
  }

  private MemoryManager begunFork() {
    MemoryManager child = memory.fork(mm);
    child.guestBegins();
    return child;
  }

  private static void fault(MemoryManager manager, long address, AccessType access) {
    assertEquals(FaultOutcome.HANDLED, manager.handleFault(address, access, 0));
  }

  private static boolean sees(MemoryManager manager, long address, AccessType access) {
    return ((InProcessAddressSpace) manager.addressSpace()).translate(address, access).isPresent();
  }
}
