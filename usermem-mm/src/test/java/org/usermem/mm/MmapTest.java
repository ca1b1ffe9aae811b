package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.mm.Memory.PAGE;
import static org.usermem.mm.Memory.anonymous;
import static org.usermem.mm.Memory.anonymousAt;
import static org.usermem.mm.Memory.assertErrno;
import static org.usermem.mm.Memory.pattern;
import static org.usermem.mm.Memory.read;
import static org.usermem.mm.Memory.write;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.io.IOOpts;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.Placement;
import org.usermem.mm.view.VmaView;

class MmapTest {

  private static final long BASE = 0x100000000L;

  private final Memory memory = new Memory();
  private final MemoryManager mm = memory.manager();

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void anonymousMemoryIsZeroAndKeepsWhatIsWritten() {
    long addr = mm.mmap(anonymous(3 * PAGE).build());
    assertArrayEquals(new byte[(int) (3 * PAGE)], read(mm, addr, (int) (3 * PAGE)));
    byte[] bytes = pattern((int) (2 * PAGE), 1);
    write(mm, addr + 100, bytes);
    assertArrayEquals(bytes, read(mm, addr + 100, bytes.length));
  }

  @Test
  void neighboursThatAreAlikeBecomeOneArea() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    mm.mmap(anonymousAt(BASE + 2 * PAGE, PAGE).build());
    assertEquals(2, mm.space().vmas.tree().size());
    mm.mmap(anonymousAt(BASE + PAGE, PAGE).build());
    assertEquals(1, mm.space().vmas.tree().size());
  }

  @Test
  void fixedMappingReplacesWhatIsThere() {
    mm.mmap(anonymousAt(BASE, 4 * PAGE).build());
    write(mm, BASE, pattern((int) (4 * PAGE), 2));
    mm.mmap(anonymousAt(BASE + PAGE, PAGE).access(AccessType.READ).build());
    assertArrayEquals(new byte[(int) PAGE], read(mm, BASE + PAGE, (int) PAGE));
    assertEquals(3, mm.space().vmas.tree().size());
    assertErrno(Errno.EFAULT, () -> write(mm, BASE + PAGE, new byte[] {1}));
  }

  @Test
  void fixedNoReplaceRefusesAnOverlap() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    assertErrno(
        Errno.EEXIST,
        () -> mm.mmap(anonymous(2 * PAGE).at(BASE - PAGE, Placement.FIXED_NO_REPLACE).build()));
    assertEquals(
        BASE - PAGE, mm.mmap(anonymous(PAGE).at(BASE - PAGE, Placement.FIXED_NO_REPLACE).build()));
  }

  @Test
  void hintIsTakenWhereThereIsRoom() {
    assertEquals(BASE, mm.mmap(anonymous(PAGE).at(BASE + 5, Placement.ANYWHERE).build()));
    assertNotEquals(BASE, mm.mmap(anonymous(PAGE).at(BASE, Placement.ANYWHERE).build()));
  }

  @Test
  void mappingsOfThirtyTwoBitsLieBelowTwoGigabytes() {
    long addr = mm.mmap(anonymous(PAGE).map32Bit(true).build());
    assertTrue(addr >= 0x40000000L && addr + PAGE <= 0x80000000L);
  }

  @Test
  void topDownPlacementFillsFromTheTop() {
    long first = mm.mmap(anonymous(PAGE).build());
    long second = mm.mmap(anonymous(PAGE).access(AccessType.READ).build());
    assertEquals(mm.layout().topDownBase() - PAGE, first);
    assertEquals(first - PAGE, second);
  }

  @Test
  void badArgumentsAreRefusedAsLinuxDoes() {
    assertErrno(Errno.EINVAL, () -> mm.mmap(anonymous(0).build()));
    assertErrno(Errno.ENOMEM, () -> mm.mmap(anonymous(-1).build()));
    assertErrno(Errno.ENOMEM, () -> mm.mmap(anonymous(1L << 47).build()));
    assertErrno(Errno.EINVAL, () -> mm.mmap(anonymousAt(BASE + 1, PAGE).build()));
    assertErrno(Errno.EPERM, () -> mm.mmap(anonymousAt(PAGE, PAGE).build()));
    assertErrno(Errno.ENOMEM, () -> mm.mmap(anonymousAt(mm.layout().maxAddress(), PAGE).build()));
    assertErrno(Errno.EINVAL, () -> mm.mmap(anonymous(PAGE).shared().growsDown(true).build()));
  }

  @Test
  void munmapMakesAHoleAndFreesPages() {
    mm.mmap(anonymousAt(BASE, 4 * PAGE).build());
    write(mm, BASE, pattern((int) (4 * PAGE), 3));
    mm.munmap(BASE + PAGE, PAGE + 1);
    assertEquals(2, mm.space().vmas.tree().size());
    assertErrno(Errno.EFAULT, () -> read(mm, BASE + PAGE, 1));
    assertErrno(Errno.EFAULT, () -> read(mm, BASE + 3 * PAGE - 1, 1));
    assertEquals(PAGE, mm.copyIn(BASE, Memory.segment(new byte[(int) (2 * PAGE)]), IOOpts.DEFAULT));
    assertEquals(2 * PAGE, mm.space().pmas.residentBytes());
  }

  @Test
  void munmapRefusesWhatLinuxRefuses() {
    assertErrno(Errno.EINVAL, () -> mm.munmap(BASE + 1, PAGE));
    assertErrno(Errno.EINVAL, () -> mm.munmap(BASE, 0));
    assertErrno(Errno.EINVAL, () -> mm.munmap(BASE, -1));
    assertErrno(Errno.EINVAL, () -> mm.munmap(-PAGE, PAGE));
    mm.munmap(BASE, PAGE);
  }

  @Test
  void sharedAnonymousMemoryIsMappedOnceForAll() {
    long addr = mm.mmap(anonymous(2 * PAGE).shared().build());
    write(mm, addr, pattern(100, 4));
    MemoryManager child = memory.fork(mm);
    write(child, addr + 50, pattern(10, 5));
    assertArrayEquals(pattern(10, 5), read(mm, addr + 50, 10));
    memory.end(child);
  }

  @Test
  void noPartOfAnAreaStaysLockedWhenAPartMovesAndLeavesItsPlaceMapped() {
    mm.mmap(anonymousAt(BASE, 8 * PAGE).lockMode(LockMode.EAGER).build());
    mm.mremap(BASE + PAGE, PAGE, PAGE, new RemapOptions(true, true, true, BASE + 100 * PAGE));
    assertEquals(List.of(false, true), mm.areas(false).stream().map(VmaView::isLocked).toList());
    mm.madvise(BASE + 5 * PAGE, PAGE, Advice.DONTNEED);
    assertErrno(Errno.EINVAL, () -> mm.madvise(BASE + 100 * PAGE, PAGE, Advice.DONTNEED));
  }

  @Test
  void whatMovesNextToItsOldPlaceStaysLockedIfItHasPages() {
    for (boolean touched : new boolean[] {true, false}) {
      mm.mmap(
          anonymousAt(BASE, 2 * PAGE)
              .access(touched ? AccessType.READ_WRITE : AccessType.NONE)
              .lockMode(LockMode.EAGER)
              .build());
      mm.mremap(BASE + PAGE, PAGE, PAGE, new RemapOptions(true, true, true, BASE));
      assertEquals(touched, mm.areaAt(BASE).orElseThrow().isLocked());
      assertEquals(false, mm.areaAt(BASE + PAGE).orElseThrow().isLocked());
      mm.munmap(BASE, 2 * PAGE);
    }
  }

  @Test
  void sharedPagesAreResidentOnceAnybodyHasTouchedThem() {
    mm.mmap(anonymousAt(BASE, 2 * PAGE).shared().build());
    MemoryManager child = memory.fork(mm);
    byte[] residency = new byte[1];
    mm.mincore(BASE, residency);
    assertEquals(0, residency[0]);
    write(child, BASE, pattern(1, 1));
    mm.mincore(BASE, residency);
    assertEquals(1, residency[0]);
  }
}
