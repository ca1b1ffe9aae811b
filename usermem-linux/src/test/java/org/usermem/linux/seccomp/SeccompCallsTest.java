package org.usermem.linux.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class SeccompCallsTest {
  private static final int GETPID = 39;
  private static final int GETPPID = 110;
  private static final int EXIT = 60;
  private static final int PRCTL = 157;
  private static final int GETTID = 186;
  private static final int SECCOMP = 317;

  private static final int SET_STRICT = 0;
  private static final int SET_FILTER = 1;
  private static final int ACTION_AVAILABLE = 2;
  private static final int TSYNC = 1;
  private static final int PR_GET_SECCOMP = 21;
  private static final int PR_SET_NO_NEW_PRIVS = 38;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Writes a filter that gives one call a verdict and allows all others. */
  private static long filter(Guest guest, int number, int verdict) {
    long at = guest.memory(4096);
    int[][] instructions = {
      {0x20, 0, 0}, {0x15, 0, number}, {0x06, 0, verdict}, {0x06, 0, FilterChain.ALLOW}
    };
    for (int i = 0; i < instructions.length; i++) {
      guest.putInt(at + 64 + 8L * i, instructions[i][0] | (i == 1 ? 1 << 24 : 0));
      guest.putInt(at + 64 + 8L * i + 4, instructions[i][2]);
    }
    guest.putInt(at, instructions.length);
    guest.putLong(at + 8, at + 64);
    return at;
  }

  private static long install(Guest guest, int flags, int number, int verdict) {
    return guest.call(SECCOMP, SET_FILTER, flags, filter(guest, number, verdict));
  }

  @Test
  void aCallFailsAsTheFilterSays() {
    fixture.run(
        guest -> {
          assertEquals(0, guest.call(PRCTL, PR_GET_SECCOMP));
          assertEquals(0, install(guest, 0, GETPPID, FilterChain.ERRNO | Errno.EXDEV.number()));
          assertEquals(2, guest.call(PRCTL, PR_GET_SECCOMP));
          assertErrno(Errno.EXDEV, guest.call(GETPPID));
          assertEquals(1, guest.call(GETPID));
          assertEquals(0, install(guest, 0, GETPPID, FilterChain.TRACE));
          assertErrno(Errno.EXDEV, guest.call(GETPPID));
          assertEquals(0, install(guest, 0, GETPID, FilterChain.TRACE));
          assertErrno(Errno.ENOSYS, guest.call(GETPID));
          int child = guest.fork(inChild -> assertErrno(Errno.EXDEV, inChild.call(GETPPID)));
          assertEquals(0, guest.waitFor(child));
        });
  }

  @Test
  void aFilterCanKill() {
    fixture.run(
        guest -> {
          int[] children = {
            guest.fork(
                child -> {
                  install(child, 0, GETPPID, FilterChain.KILL_PROCESS);
                  child.call(GETPPID);
                }),
            guest.fork(
                child -> {
                  install(child, 0, GETPPID, FilterChain.KILL_THREAD);
                  child.call(GETPPID);
                }),
            guest.fork(
                child -> {
                  install(child, 0, GETPPID, FilterChain.TRAP | 5);
                  child.call(GETPPID);
                })
          };
          for (int child : children) {
            assertEquals(Signals.SIGSYS, guest.waitFor(child));
          }
        });
  }

  @Test
  void aTrappedCallIsASignalAndLeavesItsNumber() {
    fixture.run(
        guest -> {
          guest.handle(Signals.SIGSYS);
          assertEquals(0, install(guest, 0, GETPPID, FilterChain.TRAP));
          assertEquals(GETPPID, guest.call(GETPPID));
        });
  }

  @Test
  void strictModeLeavesFourCalls() {
    fixture.run(
        guest -> {
          int fine =
              guest.fork(
                  child -> {
                    assertEquals(0, child.call(SECCOMP, SET_STRICT, 0, 0));
                    assertErrno(Errno.EBADF, child.call(0, 99, 0, 0));
                    child.call(EXIT, 7);
                  });
          assertEquals(7 << 8, guest.waitFor(fine));
          int killed =
              guest.fork(
                  child -> {
                    assertEquals(0, child.call(PRCTL, 22, 1, 0));
                    child.call(GETPID);
                  });
          assertEquals(Signals.SIGKILL, guest.waitFor(killed));
        });
  }

  @Test
  void onlyWhoGainsNothingMayFilter() {
    fixture.run(
        TaskCredentials.of(1000, 100),
        guest -> {
          assertErrno(Errno.EACCES, install(guest, 0, GETPPID, FilterChain.KILL_PROCESS));
          assertEquals(0, guest.call(PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
          assertEquals(0, install(guest, 0, GETPPID, FilterChain.ERRNO | 1));
          assertErrno(Errno.EPERM, guest.call(GETPPID));
          assertErrno(Errno.EINVAL, install(guest, 8, GETPPID, FilterChain.ALLOW));
          assertErrno(Errno.EFAULT, guest.call(SECCOMP, SET_FILTER, 0, 0));
          assertErrno(Errno.EINVAL, guest.call(SECCOMP, SET_STRICT, 0, 0));
          assertErrno(Errno.EINVAL, guest.call(SECCOMP, 9, 0, 0));
          long action = guest.memory(4096);
          guest.putInt(action, FilterChain.TRAP);
          assertEquals(0, guest.call(SECCOMP, ACTION_AVAILABLE, 0, action));
          guest.putInt(action, 0x1234);
          assertErrno(Errno.EOPNOTSUPP, guest.call(SECCOMP, ACTION_AVAILABLE, 0, action));
        });
  }

  @Test
  void allThreadsGetTheFilterUnlessOneHasItsOwn() {
    fixture.run(
        guest -> {
          long flag = guest.memory(4096) + 2048;
          int plain =
              guest.thread(
                  thread -> {
                    while (thread.getInt(flag) == 0) {
                      thread.call(24);
                    }
                    assertErrno(Errno.EXDEV, thread.call(GETPPID));
                    assertEquals(0, install(thread, 0, GETPID, FilterChain.ALLOW));
                    thread.putInt(flag, 2);
                    while (thread.getInt(flag) == 2) {
                      thread.call(24);
                    }
                  });
          assertEquals(0, install(guest, TSYNC, GETPPID, FilterChain.ERRNO | Errno.EXDEV.number()));
          guest.putInt(flag, 1);
          while (guest.getInt(flag) != 2) {
            guest.call(24);
          }
          assertEquals(plain, install(guest, TSYNC, GETTID, FilterChain.KILL_PROCESS));
          assertEquals(1, guest.call(GETTID));
          guest.putInt(flag, 3);
        });
  }

  @Test
  void endlessFiltersMeetALimit() {
    fixture.run(
        guest -> {
          long result = 0;
          for (int i = 0; i < 5000 && result == 0; i++) {
            result = install(guest, 0, GETPPID, FilterChain.ALLOW);
          }
          assertErrno(Errno.ENOMEM, result);
        });
  }
}
