package org.usermem.linux.misc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class SystemCallsTest {
  private static final int SYSLOG = 103;
  private static final int REBOOT = 169;
  private static final int CLOCK_NANOSLEEP = 230;

  private static final int READ_ALL = 3;
  private static final int CONSOLE_LEVEL = 8;
  private static final int SIZE_BUFFER = 10;
  private static final int MAGIC = 0xfee1dead;
  private static final int DATE = 0x28121969;
  private static final int CTRL_ALT_DEL_ON = 0x89abcdef;
  private static final int RESTART = 0x01234567;
  private static final int THREAD_CPUTIME = 3;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theKernelsLogIsEmptyAndItsArgumentsAreChecked() {
    fixture.run(
        guest -> {
          long memory = guest.memory(4096);
          assertEquals(0, guest.call(SYSLOG, READ_ALL, memory, 100));
          assertErrno(Errno.EINVAL, guest.call(SYSLOG, READ_ALL, 0, 100));
          assertErrno(Errno.EINVAL, guest.call(SYSLOG, READ_ALL, memory, -1));
          assertErrno(Errno.EINVAL, guest.call(SYSLOG, CONSOLE_LEVEL, 0, 0));
          assertErrno(Errno.EINVAL, guest.call(SYSLOG, CONSOLE_LEVEL, 0, 9));
          assertEquals(0, guest.call(SYSLOG, CONSOLE_LEVEL, 0, 8));
          assertErrno(Errno.EINVAL, guest.call(SYSLOG, SIZE_BUFFER + 1, 0, 0));
          assertTrue(guest.call(SYSLOG, SIZE_BUFFER, 0, 0) > 0);
        });
  }

  @Test
  void theMachineIsNotRestarted() {
    fixture.run(
        guest -> {
          assertEquals(0, guest.call(REBOOT, MAGIC, DATE, CTRL_ALT_DEL_ON, 0));
          assertErrno(Errno.EINVAL, guest.call(REBOOT, MAGIC, DATE + 1, CTRL_ALT_DEL_ON, 0));
          assertErrno(Errno.EINVAL, guest.call(REBOOT, MAGIC, DATE, RESTART, 0));
        });
  }

  @Test
  void whoMayNotRestartTheMachineIsToldSoFirst() {
    fixture.run(
        TaskCredentials.of(1000, 1000),
        guest -> assertErrno(Errno.EPERM, guest.call(REBOOT, 0, 0, 0, 0)));
  }

  @Test
  void nobodySleepsByTheTimeThatHeUses() {
    fixture.run(
        guest -> {
          long time = guest.memory(4096);
          assertErrno(Errno.EOPNOTSUPP, guest.call(CLOCK_NANOSLEEP, THREAD_CPUTIME, 0, time, 0));
        });
  }
}
