package org.usermem.linux.tty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class ConsoleTest {
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int OPEN = 2;
  private static final int O_RDWR = 2;

  private final LinuxFixture fixture = new LinuxFixture();
  private final PseudoTerminals terminals = fixture.mountDevices();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long open(Guest guest, String path) {
    long at = guest.memory(4096);
    guest.put(at, (path + "\0").getBytes(StandardCharsets.US_ASCII));
    return guest.call(OPEN, at, O_RDWR);
  }

  @Test
  void theConsoleCannotBeOpenedWhereNoTerminalIsBehindIt() {
    fixture.run(guest -> assertErrno(Errno.ENODEV, open(guest, "/dev/console")));
  }

  @Test
  void theConsoleIsTheTerminalBehindIt() {
    Terminal terminal = terminals.create(0, 0, false);
    terminals.setConsole(terminal);
    byte[] typed = {'d', 'o', '\n'};
    terminal.type(typed, typed.length);
    fixture.run(
        guest -> {
          long console = open(guest, "/dev/console");
          long page = guest.memory(4096);
          assertEquals(3, guest.call(READ, console, page, 100));
          assertArrayEquals(typed, guest.get(page, 3));
          guest.put(page, new byte[] {'h', 'i'});
          assertEquals(2, guest.call(WRITE, console, page, 2));
        });
    byte[][] shown = new byte[1][];
    terminal.show(
        100,
        (bytes, count) -> {
          shown[0] = Arrays.copyOf(bytes, count);
          return count;
        });
    // What was typed was echoed first.
    assertEquals("do\r\nhi", new String(shown[0], StandardCharsets.US_ASCII));
  }

  @Test
  void aSessionIsNotControlledByTheConsoleThatItsLeaderOpens() {
    terminals.setConsole(terminals.create(0, 0, false));
    fixture.run(
        guest -> {
          open(guest, "/dev/console");
          assertErrno(Errno.ENXIO, open(guest, "/dev/tty"));
          open(guest, "/dev/pts/0");
          assertEquals(2, open(guest, "/dev/tty"));
        });
  }
}
