package org.usermem.linux.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.kernel.WaitStatus;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class PidfdCallsTest {
  private static final int OPEN = 2;
  private static final int PAUSE = 34;
  private static final int PIDFD_SEND_SIGNAL = 424;
  private static final int PIDFD_OPEN = 434;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long open(Guest guest, String path) {
    long at = guest.memory(4096) + 512;
    guest.put(at, (path + "\0").getBytes(StandardCharsets.US_ASCII));
    return guest.call(OPEN, at, 0, 0);
  }

  @Test
  void signalsGoToTheProcessOfAPidfdOrOfADirectoryInProcWhileItIsThere() {
    fixture.mountProc();
    fixture.run(
        guest -> {
          int child = guest.fork(other -> other.call(PAUSE));
          long pidfd = guest.call(PIDFD_OPEN, child, 0);
          long directory = open(guest, "/proc/" + child);
          assertEquals(0, guest.call(PIDFD_SEND_SIGNAL, pidfd, 0, 0, 0));
          assertEquals(0, guest.call(PIDFD_SEND_SIGNAL, directory, Signals.SIGTERM, 0, 0));
          assertEquals(128 + Signals.SIGTERM, WaitStatus.shellCode(guest.waitFor(child)));
          assertErrno(Errno.ESRCH, guest.call(PIDFD_SEND_SIGNAL, pidfd, 0, 0, 0));
          assertErrno(Errno.ESRCH, guest.call(PIDFD_SEND_SIGNAL, directory, 0, 0, 0));
          assertErrno(
              Errno.EBADF, guest.call(PIDFD_SEND_SIGNAL, open(guest, "/proc"), Signals.SIGTERM, 0));
        });
  }
}
