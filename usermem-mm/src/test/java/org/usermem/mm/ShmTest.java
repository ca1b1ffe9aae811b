package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import org.usermem.mm.shm.IpcCaller;
import org.usermem.mm.shm.ShmLimits;
import org.usermem.mm.shm.ShmRegistry;
import org.usermem.mm.shm.ShmSegment;

class ShmTest {

  private static final long BASE = 0x800000000L;
  private static final int CREATE = ShmRegistry.CREATE;

  private final Memory memory = new Memory();
  private final MemoryManager mm = memory.manager();
  private long now = 1000;
  private final ShmRegistry registry =
      new ShmRegistry(memory.file, new ShmLimits(1 << 20, 512, 3), () -> now, () -> 77);
  private final IpcCaller root = new Caller(0, 0, true);
  private final IpcCaller user = new Caller(1000, 100, false);
  private final IpcCaller other = new Caller(1001, 100, false);
  private final IpcCaller stranger = new Caller(1002, 102, false);

  record Caller(int uid, int gid, boolean isRoot) implements IpcCaller {
    @Override
    public boolean isInGroup(int group) {
      return group == gid;
    }

    @Override
    public boolean mayBypassPermissions() {
      return isRoot;
    }

    @Override
    public boolean mayAdministrate() {
      return isRoot;
    }

    @Override
    public int pid() {
      return 42;
    }
  }

  @AfterEach
  void close() {
    registry.close();
    memory.close();
    assertTrue(registry.segments().isEmpty());
  }

  @Test
  void segmentsAreFoundByKeyAndMadeOnDemand() {
    assertErrno(Errno.ENOENT, () -> registry.get(5, 100, 0600, user));
    ShmSegment segment = registry.get(5, 100, CREATE | 0600, user);
    assertEquals(segment, registry.get(5, 0, 0600, user));
    assertEquals(segment, registry.find(segment.id()));
    assertEquals(segment, registry.findByIndex(0));
    assertErrno(
        Errno.EEXIST, () -> registry.get(5, 100, CREATE | ShmRegistry.EXCLUSIVE | 0600, user));
    assertErrno(Errno.EINVAL, () -> registry.get(5, 101, 0600, user));
    assertErrno(Errno.EACCES, () -> registry.get(5, 100, 0600, other));
    assertEquals(segment, registry.get(5, 100, 0600, root));
    assertNotEquals(
        registry.get(ShmRegistry.PRIVATE_KEY, 1, 0600, user),
        registry.get(ShmRegistry.PRIVATE_KEY, 1, 0600, user));
    assertErrno(Errno.ENOSPC, () -> registry.get(6, 1, CREATE | 0600, user));
    assertErrno(Errno.EINVAL, () -> registry.get(7, 0, CREATE | 0600, user));
    assertErrno(Errno.EINVAL, () -> registry.get(7, (1 << 20) + 1, CREATE | 0600, user));
    assertErrno(Errno.EINVAL, () -> registry.find(12345));
    assertEquals(2, registry.highestIndex());
    assertEquals(3, registry.totalPages());
  }

  @Test
  void permissionsAreThoseOfOwnerGroupAndOthers() {
    ShmSegment segment = registry.get(5, 100, CREATE | 0640, user);
    segment.requireAccess(user, AccessType.READ_WRITE);
    segment.requireAccess(other, AccessType.READ);
    assertErrno(Errno.EACCES, () -> segment.requireAccess(other, AccessType.READ_WRITE));
    assertErrno(Errno.EACCES, () -> segment.requireAccess(stranger, AccessType.READ));
    segment.requireAccess(root, AccessType.READ_WRITE);
    assertErrno(Errno.EPERM, () -> segment.setOwner(other, 1, 1, 0666));
    segment.setOwner(user, 1002, 102, 0600);
    segment.requireAccess(stranger, AccessType.READ_WRITE);
    assertErrno(Errno.EPERM, () -> segment.remove(other));
  }

  @Test
  void attachmentsShareAndCount() {
    ShmSegment segment = registry.get(5, 3 * PAGE - 10, CREATE | 0600, user);
    long first = mm.attach(segment, 0, AccessType.READ_WRITE, false);
    now = 2000;
    assertEquals(BASE, mm.attach(segment, BASE, AccessType.READ, false));
    assertEquals(2, segment.status().attachments());
    assertEquals(2000, segment.status().attachSeconds());
    assertEquals(77, segment.status().lastPid());
    write(mm, first + PAGE, pattern(100, 1));
    assertArrayEquals(pattern(100, 1), read(mm, BASE + PAGE, 100));
    assertErrno(Errno.EFAULT, () -> write(mm, BASE, new byte[1]));
    assertErrno(Errno.EACCES, () -> mm.mprotect(BASE, PAGE, AccessType.READ_WRITE, false));
    assertErrno(Errno.EINVAL, () -> mm.attach(segment, BASE + PAGE, AccessType.READ, false));
    mm.attach(segment, BASE, AccessType.READ_WRITE, true);
    assertErrno(Errno.EINVAL, () -> mm.attach(segment, BASE + 1, AccessType.READ, false));
    assertEquals("/SYSV00000005 (deleted)", mm.areaAt(BASE).orElseThrow().name());
    assertEquals(segment.id(), mm.areaAt(BASE).orElseThrow().inodeId());
    MemoryManager child = memory.fork(mm);
    assertEquals(4, segment.status().attachments());
    now = 3000;
    memory.end(child);
    assertEquals(2, segment.status().attachments());
    assertEquals(3000, segment.status().detachSeconds());
  }

  @Test
  void detachTakesAllThatIsLeftOfTheAttachment() {
    ShmSegment segment = registry.get(5, 5 * PAGE, CREATE | 0600, user);
    mm.attach(segment, BASE, AccessType.READ_WRITE, false);
    mm.mmap(anonymousAt(BASE + 2 * PAGE, PAGE).build());
    mm.munmap(BASE, PAGE);
    assertEquals(2, segment.status().attachments());
    assertErrno(Errno.EINVAL, () -> mm.detach(BASE + PAGE));
    assertErrno(Errno.EINVAL, () -> mm.detach(BASE + 7));
    mm.detach(BASE);
    assertEquals(0, segment.status().attachments());
    assertEquals(1, mm.areas(false).size());
    assertErrno(Errno.EINVAL, () -> mm.detach(BASE));
  }

  @Test
  void removalWaitsForTheLastDetach() {
    ShmSegment segment = registry.get(5, PAGE, CREATE | 0600, user);
    mm.attach(segment, BASE, AccessType.READ_WRITE, false);
    write(mm, BASE, pattern(10, 1));
    segment.remove(user);
    segment.remove(user);
    assertTrue(segment.status().isRemoved());
    assertEquals(0, segment.status().key());
    ShmSegment second = registry.get(5, PAGE, CREATE | 0600, user);
    assertNotEquals(segment, second);
    assertEquals(segment, registry.find(segment.id()));
    mm.munmap(BASE, PAGE);
    assertErrno(Errno.EINVAL, () -> registry.find(segment.id()));
    assertThrows(IllegalStateException.class, segment::decRef);
  }

  @Test
  void aSegmentThatHasGoneMeanwhileIsNotAttached() {
    ShmSegment segment = registry.get(5, PAGE, CREATE | 0600, user);
    segment.remove(user);
    assertErrno(Errno.EIDRM, () -> mm.attach(segment, BASE, AccessType.READ_WRITE, false));
    ShmSegment kept = registry.get(5, PAGE, CREATE | 0600, user);
    kept.hold();
    kept.remove(user);
    mm.attach(kept, BASE, AccessType.READ_WRITE, false);
    kept.release();
    write(mm, BASE, pattern(10, 1));
    mm.detach(BASE);
    assertErrno(Errno.EINVAL, () -> registry.find(kept.id()));
  }

  @Test
  void executingNeedsItsOwnBit() {
    ShmSegment segment = registry.get(5, PAGE, CREATE | 0640, user);
    segment.requireAccess(other, AccessType.READ);
    assertErrno(Errno.EACCES, () -> segment.requireAccess(other, AccessType.READ_EXECUTE));
    assertErrno(Errno.EACCES, () -> segment.requireAccess(user, AccessType.READ_EXECUTE));
    segment.requireAccess(root, AccessType.ANY);
  }

  @Test
  void sizesThatNoFileCanHaveAreRefused() {
    assertErrno(Errno.EINVAL, () -> registry.get(5, 0, CREATE | 0600, user));
    assertErrno(Errno.EINVAL, () -> registry.get(5, Long.MIN_VALUE, CREATE | 0600, user));
    ShmRegistry unlimited = new ShmRegistry(memory.file, ShmLimits.DEFAULT, () -> now, () -> 77);
    assertErrno(Errno.EINVAL, () -> unlimited.get(5, -4096, CREATE | 0600, user));
    unlimited.get(5, 1L << 62, CREATE | 0600, user);
    unlimited.close();
  }
}
