package org.usermem.linux.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;
import org.usermem.linux.signal.CriticalSection;

@Timeout(60)
class RseqCallsTest {
  private static final int RSEQ = 334;
  private static final int SETAFFINITY = 203;
  private static final int UNREGISTER = 1;
  private static final int SIGNATURE = 0x53053053;
  private static final long START = 0x10_0000;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static int processor(Guest guest, long area) {
    return guest.getInt(area + 4);
  }

  @Test
  void aTaskRegistersOnceAndTakesItBack() {
    fixture.run(
        guest -> {
          long area = guest.memory(4096);
          guest.putInt(area + 4, 77);
          assertErrno(Errno.EINVAL, guest.call(RSEQ, area, 31, 0, SIGNATURE));
          assertErrno(Errno.EINVAL, guest.call(RSEQ, area + 8, 32, 0, SIGNATURE));
          assertErrno(Errno.EINVAL, guest.call(RSEQ, area, 32, 2, SIGNATURE));
          assertErrno(Errno.EINVAL, guest.call(RSEQ, area, 32, UNREGISTER, SIGNATURE));
          assertErrno(Errno.EFAULT, guest.call(RSEQ, -4096, 32, 0, SIGNATURE));
          assertEquals(77, processor(guest, area));
          assertEquals(0, guest.call(RSEQ, area, 32, 0, SIGNATURE));
          assertEquals(0, processor(guest, area));
          assertErrno(Errno.EBUSY, guest.call(RSEQ, area, 32, 0, SIGNATURE));
          assertErrno(Errno.EINVAL, guest.call(RSEQ, area + 32, 32, 0, SIGNATURE));
          assertErrno(Errno.EPERM, guest.call(RSEQ, area, 32, 0, 1));
          assertErrno(Errno.EPERM, guest.call(RSEQ, area, 32, UNREGISTER, 1));
          assertEquals(0, guest.call(RSEQ, area, 32, UNREGISTER, SIGNATURE));
          assertEquals(-1, processor(guest, area));
        });
  }

  @Test
  void anAreaThatCanNotBeWrittenIsFatal() {
    fixture.run(
        guest -> {
          int child = guest.fork(inChild -> inChild.call(RSEQ, 4096, 32, 0, SIGNATURE));
          assertEquals(Signals.SIGSEGV, guest.waitFor(child));
        });
  }

  @Test
  void twoTasksOfAnAddressSpaceNeverHaveTheSameProcessor() {
    fixture.run(
        guest -> {
          long area = guest.memory(4096);
          assertEquals(0, guest.call(RSEQ, area, 32, 0, SIGNATURE));
          for (int i = 1; i <= 2; i++) {
            long other = area + 64L * i;
            int expected = i == 1 ? 1 : -1;
            guest.thread(
                thread -> {
                  assertEquals(0, thread.call(RSEQ, other, 32, 0, SIGNATURE));
                  assertEquals(expected, processor(thread, other));
                  assertEquals(Math.max(0, expected), thread.getInt(other));
                  thread.putInt(other + 32, 1);
                  while (thread.getInt(area + 40) == 0) {
                    thread.call(24);
                  }
                });
            while (guest.getInt(other + 32) == 0) {
              guest.call(24);
            }
          }
          int child = guest.fork(inChild -> assertEquals(0, processor(inChild, area)));
          assertEquals(0, guest.waitFor(child));
          guest.putInt(area + 40, 1);
          while (guest.onTask(task -> (long) task.threadGroup().tasks().size()) > 1) {
            guest.call(24);
          }
        });
  }

  @Test
  void aTaskThatMayRunElsewhereOnlyGetsAnotherProcessor() {
    fixture.run(
        guest -> {
          long area = guest.memory(4096);
          assertEquals(0, guest.call(RSEQ, area, 32, 0, SIGNATURE));
          guest.putLong(area + 64, 2);
          assertEquals(0, guest.call(SETAFFINITY, 0, 8, area + 64));
          assertEquals(1, processor(guest, area));
        });
  }

  /** Registers, says which section runs, and leaves it from an address; returns where to. */
  private static long leave(Guest guest, long length, long abort, int flags, long at) {
    long area = guest.memory(4096);
    guest.call(RSEQ, area, 32, 0, SIGNATURE);
    long section = area + 128;
    guest.putInt(section, 0);
    guest.putInt(section + 4, flags);
    guest.putLong(section + 8, START);
    guest.putLong(section + 16, length);
    guest.putLong(section + 24, abort);
    guest.putLong(area + 8, section);
    return guest.onTask(
        task -> {
          task.registers().setRip(at);
          CriticalSection.leave(task);
          return task.registers().rip();
        });
  }

  @Test
  void aSectionThatIsLeftStartsOverAtItsAbortHandler() {
    fixture.run(
        guest -> {
          long area = guest.memory(4096);
          long abort = area + 260;
          guest.putInt(abort - 4, SIGNATURE);
          assertEquals(abort, leave(guest, 16, abort, 0, START));
          assertEquals(0, guest.getLong(area + 8));
          assertEquals(abort, leave(guest, 16, abort, 0, START + 15));
          assertEquals(START + 16, leave(guest, 16, abort, 0, START + 16));
          assertEquals(START - 1, leave(guest, 16, abort, 0, START - 1));
          assertEquals(0, guest.getLong(area + 8));
        });
  }

  @Test
  void aWrongDescriptionIsFatal() {
    fixture.run(
        guest -> {
          long abort = guest.memory(4096) + 260;
          guest.putInt(abort - 4, SIGNATURE);
          int[] children = {
            guest.fork(child -> leave(child, 16, abort + 8, 0, START)),
            guest.fork(child -> leave(child, 16, START + 4, 0, START)),
            guest.fork(child -> leave(child, 16, abort, 1, START)),
            guest.fork(child -> leave(child, -1, abort, 0, START)),
          };
          for (int child : children) {
            assertEquals(Signals.SIGSEGV, guest.waitFor(child));
          }
        });
  }
}
