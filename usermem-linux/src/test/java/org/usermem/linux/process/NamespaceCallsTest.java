package org.usermem.linux.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.CloneOptions;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class NamespaceCallsTest {
  private static final int CLONE = 56;
  private static final int UNAME = 63;
  private static final int GETPID = 39;
  private static final int SETHOSTNAME = 170;
  private static final int UNSHARE = 272;
  private static final int SETNS = 308;
  private static final int PIDFD_OPEN = 434;
  private static final int CLONE_NEWIPC = 0x800_0000;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String hostName(Guest guest) {
    long names = guest.memory(4096);
    assertEquals(0, guest.call(UNAME, names));
    String all = new String(guest.get(names + 65, 65), StandardCharsets.US_ASCII);
    return all.substring(0, all.indexOf('\0'));
  }

  private static void rename(Guest guest, String name) {
    long memory = guest.memory(4096);
    guest.put(memory, name.getBytes(StandardCharsets.US_ASCII));
    assertEquals(0, guest.call(SETHOSTNAME, memory, name.length()));
  }

  @Test
  void whoHasNamesOfItsOwnRenamesNobodyElsesMachine() {
    fixture.run(
        guest -> {
          rename(guest, "first");
          int child =
              guest.fork(
                  other -> {
                    assertEquals(0, other.call(UNSHARE, CloneOptions.CLONE_NEWUTS));
                    assertEquals("first", hostName(other));
                    rename(other, "second");
                    assertEquals("second", hostName(other));
                    long init = other.call(PIDFD_OPEN, 1, 0);
                    assertTrue(init >= 0);
                    assertErrno(Errno.EINVAL, other.call(SETNS, init, CLONE_NEWIPC));
                    assertEquals(0, other.call(SETNS, init, CloneOptions.CLONE_NEWUTS));
                    assertEquals("first", hostName(other));
                  });
          assertEquals(0, guest.waitFor(child));
          assertEquals("first", hostName(guest));
        });
  }

  @Test
  void namespacesThatThereAreNotAreRefused() {
    fixture.run(
        guest -> {
          for (long flag : new long[] {CloneOptions.CLONE_NEWNS, CLONE_NEWIPC}) {
            assertErrno(Errno.EINVAL, guest.call(UNSHARE, flag));
            assertErrno(Errno.EINVAL, guest.call(CLONE, flag | 17, 0, 0, 0, 0));
          }
          long users = CloneOptions.CLONE_NEWUSER;
          assertErrno(Errno.EPERM, guest.call(UNSHARE, users));
          assertErrno(Errno.EPERM, guest.call(CLONE, users | CLONE_NEWIPC | 17, 0, 0, 0, 0));
          assertErrno(Errno.EBADF, guest.call(SETNS, 99, 0));
          assertTrue(guest.call(GETPID) > 0);
        });
  }

  @Test
  void aTaskWithoutPrivilegeGetsNoNamesOfItsOwn() {
    fixture.run(
        TaskCredentials.of(1000, 1000),
        guest -> assertErrno(Errno.EPERM, guest.call(UNSHARE, CloneOptions.CLONE_NEWUTS)));
  }
}
