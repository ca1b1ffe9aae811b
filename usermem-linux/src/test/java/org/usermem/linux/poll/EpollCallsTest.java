package org.usermem.linux.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class EpollCallsTest {
  private static final int WRITE = 1;
  private static final int CLOSE = 3;
  private static final int MUNMAP = 11;
  private static final int EPOLL_WAIT = 232;
  private static final int EPOLL_CTL = 233;
  private static final int EVENTFD = 284;
  private static final int EPOLL_CREATE = 291;

  private static final int ADD = 1;
  private static final int EVENT_BYTES = 12;

  private static final int IN = 1;
  private static final int EXCLUSIVE = 1 << 28;
  private static final int ONE_SHOT = 1 << 30;
  private static final int EDGE_TRIGGERED = 1 << 31;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long watch(Guest guest, long event, int operation, long epoll, long fd, int bits) {
    guest.putInt(event, bits);
    guest.putLong(event + 4, fd);
    return guest.call(EPOLL_CTL, epoll, operation, fd, event);
  }

  @Test
  void chainsOfFiveWatchesAreRefusedFromEitherEnd() {
    fixture.run(
        guest -> {
          long event = guest.memory(16);
          long[] chain = new long[6];
          for (int i = 0; i < chain.length; i++) {
            chain[i] = guest.call(EPOLL_CREATE, 0);
          }
          for (int i = 0; i < 4; i++) {
            assertEquals(0, watch(guest, event, ADD, chain[i], chain[i + 1], IN));
          }
          assertErrno(Errno.ELOOP, watch(guest, event, ADD, chain[4], chain[5], IN));
          assertErrno(Errno.ELOOP, watch(guest, event, ADD, chain[5], chain[0], IN));
          assertErrno(Errno.ELOOP, watch(guest, event, ADD, chain[4], chain[0], IN));
          guest.call(CLOSE, chain[0]);
          assertEquals(0, watch(guest, event, ADD, chain[4], chain[5], IN));
        });
  }

  @Test
  void anExclusiveWatchDoesNotKeepEventsFromOthersIfNobodyWaitsThere() {
    fixture.run(
        guest -> {
          long event = guest.memory(16);
          long counter = guest.call(EVENTFD, 0);
          long idle = guest.call(EPOLL_CREATE, 0);
          long busy = guest.call(EPOLL_CREATE, 0);
          assertEquals(0, watch(guest, event, ADD, idle, counter, IN | EXCLUSIVE));
          assertEquals(0, watch(guest, event, ADD, busy, counter, IN | EXCLUSIVE));
          int child =
              guest.fork(other -> assertEquals(1, other.call(EPOLL_WAIT, busy, event + 32, 1, -1)));
          fixture.awaitSleep(child);
          guest.putLong(event, 1);
          assertEquals(8, guest.call(WRITE, counter, event, 8));
          assertEquals(0, guest.waitFor(child));
        });
  }

  @Test
  void eventsThatCouldNotBeToldAreToldTheNextTime() {
    fixture.run(
        guest -> {
          long page = guest.memory(4096);
          assertEquals(0, guest.call(MUNMAP, page + 4096, 4096));
          long epoll = guest.call(EPOLL_CREATE, 0);
          for (int bits : new int[] {IN | EDGE_TRIGGERED, IN | ONE_SHOT, IN | EDGE_TRIGGERED}) {
            assertEquals(0, watch(guest, page, ADD, epoll, guest.call(EVENTFD, 1), bits));
          }
          assertEquals(1, guest.call(EPOLL_WAIT, epoll, page + 4096 - EVENT_BYTES, 3, 0));
          assertErrno(Errno.EFAULT, guest.call(EPOLL_WAIT, epoll, 8, 3, 0));
          assertEquals(2, guest.call(EPOLL_WAIT, epoll, page, 3, 0));
          assertEquals(0, guest.call(EPOLL_WAIT, epoll, page, 3, 0));
        });
  }
}
