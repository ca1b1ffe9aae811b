package org.usermem.linux.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class ShmCallsTest {
  private static final int SHMGET = 29;
  private static final int SHMAT = 30;
  private static final int SHMCTL = 31;
  private static final int SHMDT = 67;
  private static final int SETRESUID = 117;

  private static final int CREATE = 01000;
  private static final int RDONLY = 010000;
  private static final int RND = 020000;
  private static final int REMAP = 040000;
  private static final int EXEC = 0100000;
  private static final long PAGE = 4096;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void parentAndChildSeeTheSameBytesUntilBothHaveLeft() {
    fixture.run(
        guest -> {
          long id = guest.call(SHMGET, 7, 100, CREATE | 0600);
          long at = guest.call(SHMAT, id, 0, 0);
          int child =
              guest.fork(
                  inChild -> {
                    inChild.putLong(at + 8, 42);
                    assertEquals(2, attachments(inChild, id));
                  });
          assertEquals(0, guest.waitFor(child));
          assertEquals(42, guest.getLong(at + 8));
          assertEquals(1, attachments(guest, id));
          assertEquals(0, guest.call(SHMCTL, id, 0, 0));
          assertErrno(Errno.ENOENT, guest.call(SHMGET, 7, 100, 0));
          assertEquals(0, guest.call(SHMDT, at));
          assertErrno(Errno.EINVAL, guest.call(SHMDT, at));
          assertErrno(Errno.EINVAL, guest.call(SHMAT, id, 0, 0));
        });
  }

  private static long attachments(Guest guest, long id) {
    long buffer = guest.memory(112);
    assertEquals(0, guest.call(SHMCTL, id, 2, buffer));
    return guest.getLong(buffer + 88);
  }

  @Test
  void addressesAreRoundedCheckedAndReplaced() {
    fixture.run(
        guest -> {
          long id = guest.call(SHMGET, 0, 2 * PAGE, 0600);
          long at = guest.call(SHMAT, id, 0, 0);
          assertErrno(Errno.EINVAL, guest.call(SHMAT, id, at + 5, 0));
          assertErrno(Errno.EINVAL, guest.call(SHMAT, id, at, 0));
          assertErrno(Errno.EINVAL, guest.call(SHMAT, id, 0, REMAP));
          assertEquals(at, guest.call(SHMAT, id, at + 5, RND | REMAP));
          assertEquals(at + 8 * PAGE, guest.call(SHMAT, id, at + 8 * PAGE + 5, RND));
        });
  }

  @Test
  void whatIsAttachedForReadingStaysSo() {
    fixture.run(
        guest -> {
          long id = guest.call(SHMGET, 0, PAGE, 0600);
          long at = guest.call(SHMAT, id, 0, RDONLY);
          assertErrno(Errno.EACCES, guest.call(10, at, PAGE, 3));
          assertEquals(0, guest.call(SHMCTL, id, 0, 0));
        });
  }

  @Test
  void othersNeedTheBitsOfTheMode() {
    fixture.run(
        guest -> {
          long id = guest.call(SHMGET, 9, PAGE, CREATE | 0644);
          long buffer = guest.memory(112);
          assertEquals(0, guest.call(SETRESUID, 1000, 1000, 1000));
          assertErrno(Errno.EACCES, guest.call(SHMGET, 9, PAGE, 0600));
          assertErrno(Errno.EACCES, guest.call(SHMAT, id, 0, 0));
          assertErrno(Errno.EACCES, guest.call(SHMAT, id, 0, RDONLY | EXEC));
          assertTrue(guest.call(SHMAT, id, 0, RDONLY) > 0);
          assertEquals(0, guest.call(SHMCTL, id, 2, buffer));
          assertErrno(Errno.EPERM, guest.call(SHMCTL, id, 1, buffer));
          assertErrno(Errno.EPERM, guest.call(SHMCTL, id, 0, 0));
          assertErrno(Errno.EPERM, guest.call(SHMCTL, id, 11, 0));
        });
  }

  @Test
  void theOwnerChangesOwnerModeAndLock() {
    fixture.run(
        TaskCredentials.of(1000, 100),
        guest -> {
          long id = guest.call(SHMGET, 9, PAGE, CREATE | 0600);
          long buffer = guest.memory(112);
          assertEquals(0, guest.call(SHMCTL, id, 2, buffer));
          assertEquals(9, guest.getInt(buffer));
          assertEquals(1000, guest.getInt(buffer + 4));
          assertEquals(PAGE, guest.getLong(buffer + 48));
          guest.putInt(buffer + 20, 0640);
          assertEquals(0, guest.call(SHMCTL, id, 1, buffer));
          assertEquals(0, guest.call(SHMCTL, id, 11, 0));
          assertEquals(id, guest.call(SHMCTL, 0, 13, buffer));
          assertEquals(02640, guest.getInt(buffer + 20));
          guest.putInt(buffer + 4, -1);
          assertErrno(Errno.EINVAL, guest.call(SHMCTL, id, 1, buffer));
          assertErrno(Errno.EFAULT, guest.call(SHMCTL, id, 1, 0));
          assertErrno(Errno.EINVAL, guest.call(SHMCTL, id, 99, 0));
        });
  }

  @Test
  void limitsAndUseAreTold() {
    fixture.run(
        guest -> {
          guest.call(SHMGET, 0, PAGE, 0600);
          guest.call(SHMGET, 0, 2 * PAGE, 0600);
          long buffer = guest.memory(112);
          assertEquals(1, guest.call(SHMCTL, 0, 3, buffer));
          assertEquals(1, guest.getLong(buffer + 8));
          assertEquals(4096, guest.getLong(buffer + 16));
          assertEquals(1, guest.call(SHMCTL, 0, 14, buffer));
          assertEquals(2, guest.getInt(buffer));
          assertEquals(3, guest.getLong(buffer + 8));
        });
  }

  @Test
  void impossibleSizesAreRefused() {
    fixture.run(
        guest -> {
          assertErrno(Errno.EINVAL, guest.call(SHMGET, 0, 0, 0600));
          assertErrno(Errno.EINVAL, guest.call(SHMGET, 0, -1, 0600));
          long id = guest.call(SHMGET, 0, 1L << 60, 0600);
          assertTrue(id >= 0);
          assertErrno(Errno.ENOMEM, guest.call(SHMAT, id, 0, 0));
          assertErrno(Errno.ENOMEM, guest.call(SHMGET, 0, PAGE, 04000 | 0600));
        });
  }
}
