package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.memmap.Placement.FIXED_REPLACE;
import static org.usermem.mm.Memory.PAGE;
import static org.usermem.mm.Memory.anonymousAt;
import static org.usermem.mm.Memory.assertErrno;
import static org.usermem.mm.Memory.pattern;
import static org.usermem.mm.Memory.read;
import static org.usermem.mm.Memory.write;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.io.IOOpts;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MapOptions;
import org.usermem.mm.machine.FakeFile;

class MprotectTest {

  private static final long BASE = 0x200000000L;

  private final Memory memory = new Memory();
  private final MemoryManager mm = memory.manager();

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void splitsInTheMiddleAndMergesBack() {
    mm.mmap(anonymousAt(BASE, 8 * PAGE).build());
    write(mm, BASE, pattern((int) (8 * PAGE), 1));
    mm.mprotect(BASE + 2 * PAGE, PAGE, AccessType.READ, false);
    assertEquals(3, mm.space().vmas.tree().size());
    assertErrno(Errno.EFAULT, () -> write(mm, BASE + 2 * PAGE, new byte[1]));
    assertEquals(
        2 * PAGE, mm.copyOut(BASE, Memory.segment(pattern((int) (4 * PAGE), 2)), IOOpts.DEFAULT));
    mm.mprotect(BASE + 2 * PAGE, PAGE, AccessType.READ_WRITE, false);
    assertEquals(1, mm.space().vmas.tree().size());
    write(mm, BASE + 2 * PAGE, pattern(10, 3));
    assertArrayEquals(pattern(10, 3), read(mm, BASE + 2 * PAGE, 10));
    assertEquals(8 * PAGE, mm.space().pmas.residentBytes());
  }

  @Test
  void noAccessMeansNoneButToThoseWhoIgnorePermissions() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    write(mm, BASE, pattern(16, 1));
    mm.mprotect(BASE, PAGE, AccessType.NONE, false);
    assertErrno(Errno.EFAULT, () -> read(mm, BASE, 1));
    byte[] bytes = new byte[16];
    mm.copyInFully(BASE, bytes, IOOpts.IGNORE_PERMISSIONS);
    assertArrayEquals(pattern(16, 1), bytes);
    mm.copyOutFully(BASE, pattern(16, 2), IOOpts.IGNORE_PERMISSIONS);
    mm.mprotect(BASE, PAGE, AccessType.READ, false);
    assertArrayEquals(pattern(16, 2), read(mm, BASE, 16));
  }

  @Test
  void aSharedMappingThatIsReadOnlyIsNotWrittenWhateverTheOptions() {
    mm.mmap(anonymousAt(BASE, PAGE).shared().access(AccessType.READ).build());
    assertErrno(
        Errno.EFAULT, () -> mm.copyOutFully(BASE, new byte[] {1}, IOOpts.IGNORE_PERMISSIONS));
  }

  @Test
  void stopsAtTheFirstHoleAndKeepsWhatItChanged() {
    mm.mmap(anonymousAt(BASE, PAGE).build());
    mm.mmap(anonymousAt(BASE + 2 * PAGE, PAGE).build());
    assertErrno(Errno.ENOMEM, () -> mm.mprotect(BASE, 3 * PAGE, AccessType.READ, false));
    assertErrno(Errno.EFAULT, () -> write(mm, BASE, new byte[1]));
    write(mm, BASE + 2 * PAGE, new byte[1]);
  }

  @Test
  void refusesWhatTheMappingMayNeverHave() {
    mm.mmap(anonymousAt(BASE, PAGE).access(AccessType.READ).maxAccess(AccessType.READ).build());
    assertErrno(Errno.EACCES, () -> mm.mprotect(BASE, PAGE, AccessType.READ_WRITE, false));
    assertErrno(Errno.EINVAL, () -> mm.mprotect(BASE + 1, PAGE, AccessType.READ, false));
    assertErrno(Errno.ENOMEM, () -> mm.mprotect(BASE, -1, AccessType.READ, false));
    assertErrno(Errno.EINVAL, () -> mm.mprotect(BASE, PAGE, AccessType.READ, true));
    mm.mprotect(BASE + PAGE, 0, AccessType.READ, false);
  }

  @Test
  void writeOnlyMemoryIsReadableOnThisProcessor() {
    mm.mmap(anonymousAt(BASE, PAGE).access(AccessType.WRITE).build());
    write(mm, BASE, pattern(8, 7));
    assertArrayEquals(pattern(8, 7), read(mm, BASE, 8));
  }

  @Test
  void lockedPrivateMemoryThatBecomesWritableStopsToShowItsFileAtOnce() {
    try (FakeFile file = new FakeFile(memory.file, 3 * PAGE)) {
      long shared = BASE + 16 * PAGE;
      mm.mmap(anonymousAt(shared, 3 * PAGE).shared().mappable(file, file, 0).build());
      MapOptions.Builder privately =
          anonymousAt(BASE, PAGE).access(AccessType.NONE).mappable(file, file, 0);
      mm.mmap(privately.lockMode(LockMode.EAGER).build());
      mm.mmap(privately.lockMode(LockMode.LAZY).at(BASE + PAGE, FIXED_REPLACE).build());
      write(mm, shared, pattern((int) (2 * PAGE), 1));

      // The hole behind the two ends the call, with what came before changed.
      assertErrno(Errno.ENOMEM, () -> mm.mprotect(BASE, 3 * PAGE, AccessType.READ_WRITE, false));
      write(mm, shared, pattern((int) (2 * PAGE), 2));

      assertArrayEquals(pattern(16, 1), read(mm, BASE, 16));
      assertArrayEquals(read(mm, shared, 16), read(mm, BASE + PAGE, 16));
      mm.munmap(BASE, 32 * PAGE);
    }
  }
}
