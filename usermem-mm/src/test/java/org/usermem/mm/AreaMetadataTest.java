package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.usermem.mm.Memory.PAGE;
import static org.usermem.mm.Memory.anonymousAt;
import static org.usermem.mm.Memory.assertErrno;
import static org.usermem.mm.Memory.pattern;
import static org.usermem.mm.Memory.read;
import static org.usermem.mm.Memory.write;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.mm.machine.FakeFile;
import org.usermem.mm.numa.NumaPolicy;
import org.usermem.mm.view.MemoryTotals;
import org.usermem.mm.view.ProcText;
import org.usermem.mm.view.VmaView;

class AreaMetadataTest {

  private static final long BASE = 0x600000000L;

  private final Memory memory = new Memory();
  private final MemoryManager mm = memory.manager();

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void namesShowInMapsAndKeepAreasApart() {
    mm.mmap(anonymousAt(BASE, 4 * PAGE).build());
    mm.setName(BASE + PAGE, PAGE, "my heap");
    assertEquals(
        List.of("", "[anon:my heap]", ""), mm.areas(false).stream().map(VmaView::name).toList());
    mm.setName(BASE, 4 * PAGE, null);
    assertEquals(1, mm.areas(false).size());
    assertErrno(Errno.EINVAL, () -> mm.setName(BASE, PAGE, "bad[name]"));
    assertErrno(Errno.EINVAL, () -> mm.setName(BASE, PAGE, "x".repeat(80)));
    assertErrno(Errno.EINVAL, () -> mm.setName(BASE + 1, PAGE, "x"));
    assertErrno(Errno.ENOMEM, () -> mm.setName(BASE, 5 * PAGE, "x"));
    mm.mmap(anonymousAt(BASE + 8 * PAGE, PAGE).shared().build());
    mm.setName(BASE + 8 * PAGE, PAGE, "s");
    assertEquals("[anon_shmem:s]", mm.areaAt(BASE + 8 * PAGE).orElseThrow().name());
    try (FakeFile file = new FakeFile(memory.file, PAGE)) {
      mm.mmap(anonymousAt(BASE + 9 * PAGE, PAGE).mappable(file, file, 0).build());
      assertErrno(Errno.EBADF, () -> mm.setName(BASE + 9 * PAGE, PAGE, "x"));
      mm.munmap(BASE + 9 * PAGE, PAGE);
    }
  }

  @Test
  void memoryPoliciesAreKept() {
    mm.mmap(anonymousAt(BASE, 4 * PAGE).build());
    NumaPolicy policy = new NumaPolicy(2, 1);
    mm.setNumaPolicy(BASE + PAGE, PAGE, policy);
    assertEquals(policy, mm.numaPolicyAt(BASE + PAGE));
    assertEquals(NumaPolicy.DEFAULT, mm.numaPolicyAt(BASE));
    assertErrno(Errno.EFAULT, () -> mm.numaPolicyAt(BASE + 4 * PAGE));
    assertErrno(Errno.EFAULT, () -> mm.setNumaPolicy(BASE, 5 * PAGE, policy));
    assertErrno(Errno.EINVAL, () -> mm.setNumaPolicy(BASE + 1, PAGE, policy));
  }

  @Test
  void futexWordsAreKnownByWhatIsShared() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    mm.mmap(anonymousAt(BASE + PAGE, 2 * PAGE).shared().build());
    MemoryManager child = memory.fork(mm);
    assertEquals(mm.futexKey(BASE, true), mm.futexKey(BASE, false));
    assertNotEquals(mm.futexKey(BASE, false), child.futexKey(BASE, false));
    assertNotEquals(mm.futexKey(BASE, true), mm.futexKey(BASE + 4, true));
    assertEquals(mm.futexKey(BASE + PAGE + 8, false), child.futexKey(BASE + PAGE + 8, false));
    assertNotEquals(mm.futexKey(BASE + PAGE + 8, true), child.futexKey(BASE + PAGE + 8, true));
    mm.mremap(BASE + 2 * PAGE, PAGE, PAGE, RemapOptions.to(BASE + 8 * PAGE));
    assertEquals(
        mm.futexKey(BASE + 8 * PAGE + 4, false), child.futexKey(BASE + 2 * PAGE + 4, false));
    assertErrno(Errno.EINVAL, () -> mm.futexKey(BASE + 2, true));
    assertErrno(Errno.EFAULT, () -> mm.futexKey(BASE + 100 * PAGE, false));
    assertErrno(Errno.EFAULT, () -> mm.futexKey(-8, true));
    try (FakeFile file = new FakeFile(memory.file, PAGE)) {
      mm.mmap(anonymousAt(BASE + 9 * PAGE, 2 * PAGE).shared().mappable(file, file, 0).build());
      mm.futexKey(BASE + 9 * PAGE, false);
      assertErrno(Errno.EFAULT, () -> mm.futexKey(BASE + 10 * PAGE, false));
      mm.munmap(BASE + 9 * PAGE, 2 * PAGE);
    }
  }

  @Test
  void mapsShowHeapStackAndFiles() {
    mm.setBrkStart(BASE);
    mm.brk(BASE + 3 * PAGE);
    mm.mmap(anonymousAt(BASE + (1 << 24), 4 * PAGE).growsDown(true).build());
    mm.setImage(
        new ProgramImage(
            new AddrRange(0x400000, 0x400800),
            new AddrRange(0, 0),
            BASE + (1 << 24) + 3 * PAGE,
            new AddrRange(0, 0),
            new AddrRange(0, 0)));
    try (FakeFile file = new FakeFile(memory.file, 8 * PAGE)) {
      mm.mmap(
          anonymousAt(0x400000, PAGE)
              .access(AccessType.READ_EXECUTE)
              .mappable(file, file, 2 * PAGE)
              .build());
      assertEquals(
          """
          00400000-00401000 r-xp 00002000 08:01 42                                 /file
          600000000-600003000 rw-p 00000000 00:00 0                                [heap]
          601000000-601004000 rw-p 00000000 00:00 0                                [stack]
          """,
          ProcText.maps(mm.areas(false)));
      write(mm, BASE, pattern(10, 1));
      read(mm, 0x400000, 1);
      MemoryTotals totals = mm.totals();
      assertEquals(8 * PAGE, totals.virtual());
      assertEquals(PAGE, totals.code());
      assertEquals(PAGE, totals.executable());
      assertEquals(4 * PAGE, totals.stack());
      assertEquals(3 * PAGE, totals.data());
      assertEquals(3 * PAGE, totals.residentAnonymous());
      assertEquals(PAGE, totals.residentFile());
      assertEquals(2 * PAGE, totals.pageTables());
      VmaView heap = mm.areas(true).get(1);
      assertEquals(3 * PAGE, heap.residency().anonymous());
      assertEquals(0, heap.residency().sharedAnonymous());
      assertEquals("rd wr mr mw me ac ", heap.flags());
      MemoryManager child = memory.fork(mm);
      VmaView shared = child.areas(true).get(1);
      assertEquals(3 * PAGE, shared.residency().sharedAnonymous());
      assertEquals((3 * PAGE / 2) << 12, shared.residency().proportional());
      memory.end(child);
      mm.munmap(0x400000, PAGE);
      assertEquals(8 * PAGE, mm.totals().virtualPeak());
    }
  }

  @Test
  void truncatedPagesAreBusErrorsAndPrivateCopiesGo() {
    try (FakeFile file = new FakeFile(memory.file, 4 * PAGE)) {
      file.write(0, pattern((int) (4 * PAGE), 1));
      mm.mmap(anonymousAt(BASE, 4 * PAGE).shared().mappable(file, file, 0).build());
      mm.mmap(anonymousAt(BASE + 8 * PAGE, 4 * PAGE).mappable(file, file, 0).build());
      assertArrayEquals(pattern((int) (4 * PAGE), 1), read(mm, BASE, (int) (4 * PAGE)));
      write(mm, BASE + 10 * PAGE, pattern(20, 2));
      file.truncate(2 * PAGE);
      assertErrno(Errno.EFAULT, () -> read(mm, BASE + 2 * PAGE, 1));
      assertEquals(FaultOutcome.BUS, mm.handleFault(BASE + 2 * PAGE, AccessType.READ, 0));
      assertEquals(FaultOutcome.BUS, mm.handleFault(BASE + 10 * PAGE, AccessType.READ, 0));
      assertEquals(FaultOutcome.ACCERR, mm.handleFault(BASE, AccessType.EXECUTE, 0));
      file.truncate(4 * PAGE);
      assertArrayEquals(new byte[20], read(mm, BASE + 10 * PAGE, 20));
      write(mm, BASE + PAGE, pattern(20, 3));
      assertArrayEquals(pattern(20, 3), file.read(PAGE, 20));
      mm.munmap(BASE, 12 * PAGE);
      assertEquals(0, file.references());
    }
  }

  @Test
  void membarrierRegistrationsAreNotInherited() {
    mm.registerMembarrier(4);
    mm.registerMembarrier(16);
    assertEquals(20, mm.membarrierRegistrations());
    MemoryManager child = memory.fork(mm);
    assertEquals(0, child.membarrierRegistrations());
    assertEquals(true, mm.incUsers());
    mm.decUsers();
    memory.end(child);
    assertEquals(false, child.incUsers());
  }
}
