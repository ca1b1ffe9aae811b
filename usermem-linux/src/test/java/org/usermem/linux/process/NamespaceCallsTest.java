package org.usermem.linux.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
  private static final int CLONE_NEWPID = 0x2000_0000;
  private static final int IPC_CREAT = 01000;
  private static final int MSGGET = 68;
  private static final int CHDIR = 80;
  private static final int MKDIR = 83;
  private static final int MOUNT = 165;
  private static final int UMOUNT = 166;
  private static final int READLINK = 89;
  private static final int OPEN = 2;
  private static final int IOCTL = 16;
  private static final int GET_OWNER = 0xb701;
  private static final int GET_PARENT = 0xb702;
  private static final int GET_TYPE = 0xb703;
  private static final int SYSVSEM = 0x4_0000;

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
                    assertErrno(Errno.EINVAL, other.call(SETNS, init, CloneOptions.CLONE_NEWUSER));
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
          assertErrno(Errno.EINVAL, guest.call(UNSHARE, CLONE_NEWPID));
          assertErrno(Errno.EINVAL, guest.call(CLONE, CLONE_NEWPID | 17, 0, 0, 0, 0));
          long adjustments = CloneOptions.CLONE_NEWIPC | SYSVSEM | 17;
          assertErrno(Errno.EINVAL, guest.call(CLONE, adjustments, 0, 0, 0, 0));
          long users = CloneOptions.CLONE_NEWUSER;
          assertErrno(Errno.EPERM, guest.call(UNSHARE, users));
          assertErrno(
              Errno.EPERM, guest.call(CLONE, users | CloneOptions.CLONE_NEWIPC | 17, 0, 0, 0, 0));
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

  private static long text(Guest guest, String text) {
    long memory = guest.memory(4096);
    guest.put(memory, (text + "\0").getBytes(StandardCharsets.US_ASCII));
    return memory;
  }

  private static void mount(Guest guest, String target) {
    long type = text(guest, "mqueue");
    long place = type + 100;
    guest.put(place, (target + "\0").getBytes(StandardCharsets.US_ASCII));
    assertEquals(0, guest.call(MOUNT, type, place, type, 0, 0));
  }

  /** Shows a namespace as /proc does, by its number. */
  private static String namespace(Guest guest, String kind) {
    long path = text(guest, "/proc/self/ns/" + kind);
    long target = path + 100;
    long length = guest.call(READLINK, path, target, 100);
    assertTrue(length > 0);
    return new String(guest.get(target, (int) length), StandardCharsets.US_ASCII);
  }

  @Test
  void whatIsMountedInANamespaceOfItsOwnNobodyElseSees() {
    fixture.run(
        guest -> {
          assertEquals(0, guest.call(MKDIR, text(guest, "/place"), 0755));
          assertEquals(0, guest.call(MKDIR, text(guest, "/place/below"), 0755));
          int child =
              guest.fork(
                  other -> {
                    assertEquals(0, other.call(UNSHARE, CloneOptions.CLONE_NEWNS));
                    mount(other, "/place");
                    assertErrno(Errno.ENOENT, other.call(CHDIR, text(other, "/place/below")));
                    assertEquals(0, other.call(CHDIR, text(other, "/place")));
                    assertErrno(Errno.EBUSY, other.call(UMOUNT, text(other, "/place"), 0));
                  });
          assertEquals(0, guest.waitFor(child));
          assertEquals(0, guest.call(CHDIR, text(guest, "/place/below")));
          assertErrno(Errno.EINVAL, guest.call(UMOUNT, text(guest, "/place"), 0));
        });
  }

  @Test
  void aTaskThatEntersANamespaceOfMountsStandsAtItsRoot() {
    fixture.run(
        guest -> {
          assertEquals(0, guest.call(MKDIR, text(guest, "/place"), 0755));
          assertEquals(0, guest.call(MKDIR, text(guest, "/place/below"), 0755));
          long first = guest.call(PIDFD_OPEN, 1, 0);
          assertEquals(0, guest.call(CHDIR, text(guest, "/place")));
          int child =
              guest.fork(
                  other -> {
                    assertEquals(0, other.call(UNSHARE, CloneOptions.CLONE_NEWNS));
                    mount(other, "/place");
                    assertEquals(0, other.call(SETNS, first, CloneOptions.CLONE_NEWNS));
                    assertEquals(0, other.call(CHDIR, text(other, "place/below")));
                  });
          assertEquals(0, guest.waitFor(child));
        });
  }

  @Test
  void aQueueOfOneNamespaceIsNotFoundInAnother() {
    fixture.run(
        guest -> {
          long key = 77;
          assertTrue(guest.call(MSGGET, key, IPC_CREAT | 0600) >= 0);
          int child =
              guest.fork(
                  other -> {
                    assertEquals(0, other.call(UNSHARE, CloneOptions.CLONE_NEWIPC));
                    assertErrno(Errno.ENOENT, other.call(MSGGET, key, 0));
                    assertTrue(other.call(MSGGET, key + 1, IPC_CREAT | 0600) >= 0);
                  });
          assertEquals(0, guest.waitFor(child));
          assertTrue(guest.call(MSGGET, key, 0) >= 0);
          assertErrno(Errno.ENOENT, guest.call(MSGGET, key + 1, 0));
        });
  }

  @Test
  void anOpenFileKeepsItsNamespace() {
    fixture.mountProc();
    fixture.run(
        guest -> {
          String first = namespace(guest, "ipc");
          assertEquals(0, guest.call(UNSHARE, CloneOptions.CLONE_NEWIPC));
          assertTrue(guest.call(MSGGET, 5, IPC_CREAT | 0600) >= 0);
          String own = namespace(guest, "ipc");
          assertNotEquals(first, own);
          long file = guest.call(OPEN, text(guest, "/proc/self/ns/ipc"), 0, 0);
          assertEquals(0, guest.call(UNSHARE, CloneOptions.CLONE_NEWIPC));
          assertErrno(Errno.ENOENT, guest.call(MSGGET, 5, 0));
          assertErrno(Errno.EINVAL, guest.call(SETNS, file, CloneOptions.CLONE_NEWUTS));
          assertEquals(0, guest.call(SETNS, file, 0));
          assertEquals(own, namespace(guest, "ipc"));
          assertTrue(guest.call(MSGGET, 5, 0) >= 0);
        });
  }

  @Test
  void namespacesOfMessagesCanNotBeMadeWithoutEnd() {
    fixture.mountProc();
    fixture.run(
        guest -> {
          long name = text(guest, "/proc/self/ns/ipc");
          long result = 0;
          for (int made = 0; made < 300 && result == 0; made++) {
            assertTrue(guest.call(OPEN, name, 0, 0) >= 0);
            result = guest.call(UNSHARE, CloneOptions.CLONE_NEWIPC);
          }
          assertErrno(Errno.ENOSPC, result);
        });
  }

  @Test
  void aNamespaceTellsItsKindAndWhoseItIs() {
    fixture.mountProc();
    fixture.run(
        guest -> {
          long file = guest.call(OPEN, text(guest, "/proc/self/ns/ipc"), 0, 0);
          assertEquals(CloneOptions.CLONE_NEWIPC, guest.call(IOCTL, file, GET_TYPE, 0));
          long owner = guest.call(IOCTL, file, GET_OWNER, 0);
          assertEquals(CloneOptions.CLONE_NEWUSER, guest.call(IOCTL, owner, GET_TYPE, 0));
          assertErrno(Errno.EPERM, guest.call(IOCTL, owner, GET_OWNER, 0));
          assertErrno(Errno.EINVAL, guest.call(IOCTL, file, GET_PARENT, 0));
        });
  }
}
