package org.usermem.linux.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class SemaphoreCallsTest {
  private static final int SEMGET = 64;
  private static final int SEMOP = 65;
  private static final int SEMCTL = 66;
  private static final int SEMTIMEDOP = 220;
  private static final int KILL = 62;

  private static final int GETPID = 11;
  private static final int GETVAL = 12;
  private static final int GETALL = 13;
  private static final int GETNCNT = 14;
  private static final int GETZCNT = 15;
  private static final int SETVAL = 16;
  private static final int SETALL = 17;

  private static final int NOWAIT = 04000;
  private static final int UNDO = 010000;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Writes operations, each a number, a delta and flags, and does them. */
  private static long operate(Guest guest, long id, int... fields) {
    long at = guest.memory(4096);
    byte[] structs = new byte[2 * fields.length];
    for (int i = 0; i < fields.length; i++) {
      structs[2 * i] = (byte) fields[i];
      structs[2 * i + 1] = (byte) (fields[i] >> 8);
    }
    guest.put(at, structs);
    return guest.call(SEMOP, id, at, fields.length / 3);
  }

  @Test
  void operationsAreDoneTogetherOrNotAtAll() {
    fixture.run(
        guest -> {
          long id = guest.call(SEMGET, 0, 2, 0600);
          assertEquals(0, operate(guest, id, 0, 3, 0, 1, 1, 0));
          assertErrno(Errno.EAGAIN, operate(guest, id, 0, -2, 0, 1, -2, NOWAIT));
          assertEquals(3, guest.call(SEMCTL, id, 0, GETVAL));
          assertErrno(Errno.ERANGE, operate(guest, id, 0, -1, 0, 1, 32767, 0));
          assertEquals(3, guest.call(SEMCTL, id, 0, GETVAL));
          assertEquals(1, guest.call(SEMCTL, id, 1, GETVAL));
          assertEquals(0, operate(guest, id, 0, -3, 0, 0, 0, 0, 0, 1, 0));
          assertEquals(1, guest.call(SEMCTL, id, 0, GETVAL));
          assertEquals(guest.call(39), guest.call(SEMCTL, id, 0, GETPID));
          assertErrno(Errno.EFBIG, operate(guest, id, 2, 1, 0));
          assertErrno(Errno.EINVAL, guest.call(SEMOP, id, 0, 0));
          assertErrno(Errno.E2BIG, guest.call(SEMOP, id, 0, 501));
          assertErrno(Errno.EFAULT, guest.call(SEMOP, id, 0, 1));
          assertErrno(Errno.EINVAL, operate(guest, id + 1, 0, 1, 0));
        });
  }

  @Test
  void whoWaitsIsCountedAndGoesOnInOrder() {
    fixture.run(
        guest -> {
          long id = guest.call(SEMGET, 0, 2, 0600);
          assertEquals(0, guest.call(SEMCTL, id, 1, SETVAL, 1));
          int first = guest.fork(child -> assertEquals(0, operate(child, id, 0, -2, 0)));
          fixture.awaitSleep(first);
          int second = guest.fork(child -> assertEquals(0, operate(child, id, 0, -1, 0, 1, 0, 0)));
          fixture.awaitSleep(second);
          int third = guest.fork(child -> assertEquals(0, operate(child, id, 1, 0, 0)));
          fixture.awaitSleep(third);
          assertEquals(2, guest.call(SEMCTL, id, 0, GETNCNT));
          assertEquals(1, guest.call(SEMCTL, id, 1, GETZCNT));
          assertEquals(0, operate(guest, id, 0, 3, 0));
          assertEquals(0, guest.waitFor(first));
          // The second one has what it waited for, and waits for the other semaphore now.
          assertEquals(1, guest.call(SEMCTL, id, 0, GETVAL));
          assertEquals(0, guest.call(SEMCTL, id, 0, GETNCNT));
          assertEquals(2, guest.call(SEMCTL, id, 1, GETZCNT));
          assertEquals(0, guest.call(SEMCTL, id, 1, SETVAL, 0));
          assertEquals(0, guest.waitFor(second));
          assertEquals(0, guest.waitFor(third));
          assertEquals(0, guest.call(SEMCTL, id, 0, GETVAL));
        });
  }

  @Test
  void waitsEndWithTheTimeASignalOrTheSet() {
    fixture.run(
        guest -> {
          long id = guest.call(SEMGET, 0, 1, 0600);
          long at = guest.memory(4096);
          guest.put(at, new byte[] {0, 0, -1, -1, 0, 0});
          guest.putLong(at + 16, 0);
          guest.putLong(at + 24, 1000);
          assertErrno(Errno.EAGAIN, guest.call(SEMTIMEDOP, id, at, 1, at + 16));
          guest.putLong(at + 24, 1_000_000_000);
          assertErrno(Errno.EINVAL, guest.call(SEMTIMEDOP, id, at, 1, at + 16));
          int interrupted =
              guest.fork(
                  child -> {
                    child.handle(Signals.SIGUSR1);
                    assertErrno(Errno.EINTR, child.call(SEMOP, id, at, 1));
                  });
          fixture.awaitSleep(interrupted);
          assertEquals(0, guest.call(KILL, interrupted, Signals.SIGUSR1));
          assertEquals(0, guest.waitFor(interrupted));
          assertEquals(0, guest.call(SEMCTL, id, 0, GETNCNT));
          guest.put(at, new byte[] {0, 0, -1, -1, 0, 0});
          int removed = guest.fork(child -> assertErrno(Errno.EIDRM, child.call(SEMOP, id, at, 1)));
          fixture.awaitSleep(removed);
          assertEquals(0, guest.call(SEMCTL, id, 0, 0));
          assertEquals(0, guest.waitFor(removed));
          assertErrno(Errno.EINVAL, guest.call(SEMCTL, id, 0, GETVAL));
        });
  }

  @Test
  void theEndOfAProcessUndoesWhatItAskedFor() {
    fixture.run(
        guest -> {
          long id = guest.call(SEMGET, 0, 2, 0600);
          assertEquals(0, guest.call(SEMCTL, id, 0, SETVAL, 5));
          int child =
              guest.fork(
                  inChild -> {
                    assertEquals(0, operate(inChild, id, 0, -4, UNDO, 1, 2, UNDO));
                    assertEquals(0, operate(inChild, id, 1, -1, 0));
                  });
          assertEquals(0, guest.waitFor(child));
          assertEquals(5, guest.call(SEMCTL, id, 0, GETVAL));
          assertEquals(0, guest.call(SEMCTL, id, 1, GETVAL), "not below zero");
          assertEquals(child, guest.call(SEMCTL, id, 0, GETPID));
        });
  }

  @Test
  void settingAValueForgetsWhatIsToBeUndone() {
    fixture.run(
        guest -> {
          long id = guest.call(SEMGET, 0, 1, 0600);
          int child =
              guest.fork(
                  inChild -> {
                    assertEquals(0, operate(inChild, id, 0, 4, UNDO));
                    assertEquals(0, inChild.call(SEMCTL, id, 0, SETVAL, 9));
                  });
          assertEquals(0, guest.waitFor(child));
          assertEquals(9, guest.call(SEMCTL, id, 0, GETVAL));
        });
  }

  @Test
  void threadsUndoTogether() {
    fixture.run(
        guest -> {
          long id = guest.call(SEMGET, 0, 1, 0600);
          int child =
              guest.fork(
                  inChild -> {
                    long done = inChild.memory(4096) + 2048;
                    inChild.thread(
                        thread -> {
                          long at = done + 64;
                          thread.put(at, new byte[] {0, 0, 3, 0, 0, 16});
                          assertEquals(0, thread.call(SEMOP, id, at, 1));
                          thread.putInt(done, 1);
                        });
                    while (inChild.getInt(done) == 0) {
                      inChild.call(24);
                    }
                    while (inChild.onTask(t -> (long) t.threadGroup().tasks().size()) > 1) {
                      inChild.call(24);
                    }
                    assertEquals(3, inChild.call(SEMCTL, id, 0, GETVAL));
                  });
          assertEquals(0, guest.waitFor(child));
          assertEquals(0, guest.call(SEMCTL, id, 0, GETVAL));
        });
  }

  @Test
  void allValuesAreSetAndReadAtOnce() {
    fixture.run(
        guest -> {
          long id = guest.call(SEMGET, 77, 3, 01600);
          assertEquals(id, guest.call(SEMGET, 77, 2, 0600));
          assertErrno(Errno.EINVAL, guest.call(SEMGET, 77, 4, 0600));
          assertErrno(Errno.EEXIST, guest.call(SEMGET, 77, 3, 03600));
          long at = guest.memory(4096);
          guest.put(at, new byte[] {1, 0, 2, 0, 0, 1});
          assertEquals(0, guest.call(SEMCTL, id, 0, SETALL, at));
          assertEquals(0, guest.call(SEMCTL, id, 0, GETALL, at + 8));
          assertEquals(guest.getInt(at), guest.getInt(at + 8));
          assertEquals(256, guest.call(SEMCTL, id, 2, GETVAL));
          guest.put(at, new byte[] {1, 0, 2, 0, 0, -128});
          assertErrno(Errno.ERANGE, guest.call(SEMCTL, id, 0, SETALL, at));
          assertErrno(Errno.ERANGE, guest.call(SEMCTL, id, 0, SETVAL, -1));
          assertErrno(Errno.EINVAL, guest.call(SEMCTL, id, 3, SETVAL, 1));
          assertEquals(0, guest.call(SEMCTL, id, 0, 2, at));
          assertEquals(3, guest.getLong(at + 80));
          assertEquals(0, guest.call(117, 1000, 1000, 1000));
          assertErrno(Errno.EACCES, guest.call(SEMCTL, id, 0, GETVAL));
          assertErrno(Errno.EPERM, guest.call(SEMCTL, id, 0, 0));
        });
  }

  @Test
  void manyLargeSetsMeetALimit() {
    fixture.run(
        guest -> {
          long last = 0;
          for (int i = 0; i < 40 && last >= 0; i++) {
            last = guest.call(SEMGET, 0, 32000, 0600);
          }
          assertErrno(Errno.ENOMEM, last);
          assertErrno(Errno.EINVAL, guest.call(SEMGET, 0, 32001, 0600));
          assertErrno(Errno.EINVAL, guest.call(SEMGET, 0, 0, 0600));
        });
  }
}
