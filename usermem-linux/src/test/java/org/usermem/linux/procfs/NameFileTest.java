package org.usermem.linux.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class NameFileTest {
  private static final int OPEN = 2;
  private static final int SETHOSTNAME = 170;
  private static final int EPOLL_WAIT = 232;
  private static final int EPOLL_CTL = 233;
  private static final int EPOLL_CREATE1 = 291;
  private static final int ADD = 1;
  private static final int PRIORITY_AND_ERROR = 2 | 8;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long text(Guest guest, String text) {
    long memory = guest.memory(4096);
    guest.put(memory, (text + "\0").getBytes(StandardCharsets.US_ASCII));
    return memory;
  }

  @Test
  void whoWaitsForTheMachinesNameLearnsOnceThatItWasSet() {
    fixture.mountProc();
    fixture.run(
        guest -> {
          long file = guest.call(OPEN, text(guest, "/proc/sys/kernel/hostname"), 0, 0);
          long epoll = guest.call(EPOLL_CREATE1, 0);
          assertTrue(file >= 0 && epoll >= 0);
          long event = guest.memory(4096);
          guest.put(event, new byte[12]);
          guest.putInt(event, 2);
          assertEquals(0, guest.call(EPOLL_CTL, epoll, ADD, file, event));
          assertEquals(0, guest.call(EPOLL_WAIT, epoll, event, 1, 0));
          assertEquals(0, guest.call(SETHOSTNAME, text(guest, "another"), 7));
          assertEquals(1, guest.call(EPOLL_WAIT, epoll, event, 1, 0));
          assertEquals(PRIORITY_AND_ERROR, guest.get(event, 1)[0]);
          assertEquals(0, guest.call(EPOLL_WAIT, epoll, event, 1, 0));
        });
  }
}
