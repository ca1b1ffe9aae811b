package org.usermem.linux.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class PolicyCallsTest {
  private static final int MBIND = 237;
  private static final int SET_MEMPOLICY = 238;
  private static final int MPOL_DEFAULT = 0;
  private static final int MPOL_PREFERRED = 1;
  private static final long PAGE = 4096;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMaskOfNoBitsAtAllIsTooLong() {
    fixture.run(
        guest -> {
          long memory = guest.memory(PAGE);
          guest.putLong(memory, 0);
          for (int policy : new int[] {MPOL_DEFAULT, MPOL_PREFERRED}) {
            assertErrno(Errno.EINVAL, guest.call(SET_MEMPOLICY, policy, memory, 0));
            assertErrno(Errno.EINVAL, guest.call(MBIND, memory, PAGE, policy, memory, 0, 0));
            assertEquals(0, guest.call(SET_MEMPOLICY, policy, memory, 1));
            assertEquals(0, guest.call(SET_MEMPOLICY, policy, 0, 0));
          }
        });
  }
}
