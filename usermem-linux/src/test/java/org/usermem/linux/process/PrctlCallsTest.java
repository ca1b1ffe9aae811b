package org.usermem.linux.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class PrctlCallsTest {
  private static final int CAPGET = 125;
  private static final int CAPSET = 126;
  private static final int PRCTL = 157;

  private static final int CAPABILITY_VERSION = 0x20080522;
  private static final int INHERITABLE = 8;
  private static final int KILL = 5;

  private static final int SET_KEEPCAPS = 8;
  private static final int SET_TIMERSLACK = 29;
  private static final int GET_TIMERSLACK = 30;
  private static final int GET_SECUREBITS = 27;
  private static final int SET_SECUREBITS = 28;
  private static final int CAP_AMBIENT = 47;
  private static final int RAISE = 2;
  private static final int CLEAR_ALL = 4;

  private static final int KEEP_CAPS_LOCKED = 0x20;
  private static final int NO_AMBIENT_RAISE = 0x40;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void lockedSecurebitsStayAsTheyAre() {
    fixture.run(
        guest -> {
          assertErrno(Errno.EPERM, guest.call(PRCTL, SET_SECUREBITS, 0x10000));
          assertEquals(0, guest.call(PRCTL, SET_SECUREBITS, KEEP_CAPS_LOCKED));
          assertErrno(Errno.EPERM, guest.call(PRCTL, SET_KEEPCAPS, 1));
          assertErrno(Errno.EPERM, guest.call(PRCTL, SET_SECUREBITS, 0));
          assertErrno(Errno.EPERM, guest.call(PRCTL, SET_SECUREBITS, KEEP_CAPS_LOCKED | 0x10));
          assertEquals(KEEP_CAPS_LOCKED, guest.call(PRCTL, GET_SECUREBITS));
        });
  }

  @Test
  void aChildsUsualSlackIsThatOfItsParent() {
    fixture.run(
        guest -> {
          assertEquals(50_000, guest.call(PRCTL, GET_TIMERSLACK));
          assertEquals(0, guest.call(PRCTL, SET_TIMERSLACK, 70_000));
          int child =
              guest.fork(
                  other -> {
                    assertEquals(70_000, other.call(PRCTL, GET_TIMERSLACK));
                    assertEquals(0, other.call(PRCTL, SET_TIMERSLACK, 10));
                    assertEquals(0, other.call(PRCTL, SET_TIMERSLACK, 0));
                    assertEquals(70_000, other.call(PRCTL, GET_TIMERSLACK));
                  });
          assertEquals(0, guest.waitFor(child));
          assertEquals(0, guest.call(PRCTL, SET_TIMERSLACK, 0));
          assertEquals(50_000, guest.call(PRCTL, GET_TIMERSLACK));
        });
  }

  @Test
  void ambientCapabilitiesAreNotRaisedAgainstTheSecurebit() {
    fixture.run(
        guest -> {
          assertErrno(Errno.EINVAL, guest.call(PRCTL, CAP_AMBIENT, CLEAR_ALL, 1, 0, 0));
          assertErrno(Errno.EINVAL, guest.call(PRCTL, CAP_AMBIENT, CLEAR_ALL, 0, 0, 1));
          long header = guest.memory(64);
          long sets = header + 16;
          guest.putInt(header, CAPABILITY_VERSION);
          assertEquals(0, guest.call(CAPGET, header, sets));
          guest.putInt(sets + INHERITABLE, 1 << KILL);
          assertEquals(0, guest.call(CAPSET, header, sets));
          assertEquals(0, guest.call(PRCTL, CAP_AMBIENT, RAISE, KILL, 0, 0));
          assertEquals(0, guest.call(PRCTL, CAP_AMBIENT, CLEAR_ALL, 0, 0, 0));
          assertEquals(0, guest.call(PRCTL, SET_SECUREBITS, NO_AMBIENT_RAISE));
          assertErrno(Errno.EPERM, guest.call(PRCTL, CAP_AMBIENT, RAISE, KILL, 0, 0));
        });
  }
}
