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

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.io.IOOpts;

class ForkTest {

  private static final long BASE = 0x300000000L;

  private final Memory memory = new Memory();
  private final MemoryManager mm = memory.manager();

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void parentWritesFirst() {
    mm.mmap(anonymousAt(BASE, 4 * PAGE).build());
    write(mm, BASE, pattern((int) (4 * PAGE), 1));
    MemoryManager child = memory.fork(mm);
    write(mm, BASE + PAGE, pattern(100, 2));
    assertArrayEquals(pattern((int) (4 * PAGE), 1), read(child, BASE, (int) (4 * PAGE)));
    assertArrayEquals(pattern(100, 2), read(mm, BASE + PAGE, 100));
  }

  @Test
  void childWritesFirst() {
    mm.mmap(anonymousAt(BASE, 4 * PAGE).build());
    write(mm, BASE, pattern((int) (4 * PAGE), 1));
    MemoryManager child = memory.fork(mm);
    write(child, BASE + PAGE, pattern(100, 2));
    assertArrayEquals(pattern((int) (4 * PAGE), 1), read(mm, BASE, (int) (4 * PAGE)));
    assertArrayEquals(pattern(100, 2), read(child, BASE + PAGE, 100));
  }

  @Test
  void soleOwnerWritesInPlace() {
    mm.mmap(anonymousAt(BASE, 4 * PAGE).build());
    write(mm, BASE, pattern((int) (4 * PAGE), 1));
    memory.end(memory.fork(mm));
    long before = memory.file.usage().allocated();
    write(mm, BASE, pattern(100, 2));
    assertEquals(before, memory.file.usage().allocated());
    assertArrayEquals(pattern(100, 2), read(mm, BASE, 100));
  }

  @Test
  void grandchildrenShareAndPart() {
    mm.mmap(anonymousAt(BASE, 64 * PAGE).build());
    write(mm, BASE, pattern((int) (64 * PAGE), 1));
    MemoryManager child = memory.fork(mm);
    write(child, BASE + 3 * PAGE, pattern(50, 2));
    MemoryManager grandchild = memory.fork(child);
    write(grandchild, BASE + 3 * PAGE, pattern(50, 3));
    write(mm, BASE + 3 * PAGE, pattern(50, 4));
    assertArrayEquals(pattern(50, 4), read(mm, BASE + 3 * PAGE, 50));
    assertArrayEquals(pattern(50, 2), read(child, BASE + 3 * PAGE, 50));
    assertArrayEquals(pattern(50, 3), read(grandchild, BASE + 3 * PAGE, 50));
    memory.end(child);
    assertArrayEquals(pattern(50, 3), read(grandchild, BASE + 3 * PAGE, 50));
  }

  @Test
  void guestMappingsBecomeReadOnly() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    assertEquals(FaultOutcome.HANDLED, mm.handleFault(BASE, AccessType.WRITE, 0));
    var guest = (org.usermem.platform.inprocess.InProcessAddressSpace) mm.addressSpace();
    assertTrue(guest.translate(BASE, AccessType.WRITE).isPresent());
    MemoryManager child = memory.fork(mm);
    assertFalse(guest.translate(BASE, AccessType.WRITE).isPresent());
    assertEquals(FaultOutcome.HANDLED, mm.handleFault(BASE, AccessType.WRITE, 0));
    assertTrue(guest.translate(BASE, AccessType.WRITE).isPresent());
    memory.end(child);
  }

  @Test
  void whatIsLentForWritingStaysTheParents() {
    mm.mmap(anonymousAt(BASE, 2 * PAGE).build());
    write(mm, BASE, pattern(100, 1));
    MemoryManager[] child = new MemoryManager[1];
    long moved =
        mm.copyOutFrom(
            AddrRangeSeq.of(BASE, 100),
            blocks -> {
              child[0] = memory.fork(mm);
              return blocks.copyFrom(MemorySegment.ofArray(pattern(100, 2)));
            },
            IOOpts.DEFAULT);
    assertEquals(100, moved);
    assertArrayEquals(pattern(100, 2), read(mm, BASE, 100));
    assertArrayEquals(pattern(100, 1), read(child[0], BASE, 100));
  }

  @Test
  void heapIsInherited() {
    mm.setBrkStart(BASE);
    assertEquals(BASE + 100, mm.brk(BASE + 100));
    MemoryManager child = memory.fork(mm);
    assertEquals(BASE + 100, child.brk(0));
    assertEquals(BASE, child.brk(BASE));
    write(mm, BASE, pattern(100, 1));
  }
}
