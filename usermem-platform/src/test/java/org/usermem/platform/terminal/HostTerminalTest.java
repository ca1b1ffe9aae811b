package org.usermem.platform.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.HostException;
import org.usermem.platform.host.SystemCall;

/** Tests on a pseudo-terminal of their own. */
@Timeout(30)
class HostTerminalTest {

  private static final int OPENAT = 257;
  private static final int AT_FDCWD = -100;
  private static final int O_RDWR_NOCTTY_CLOEXEC = 0x2 | 0x100 | 0x8_0000;
  private static final int TIOCSPTLCK = 0x4004_5431;
  private static final int TIOCGPTPEER = 0x5441;
  private static final int ECHO = 0x8;

  private final HostCalls host = HostCalls.current();
  private final Arena arena = Arena.ofConfined();
  private final int master = open("/dev/ptmx");
  private final int slave = openSlave();

  private int open(String path) {
    return (int)
        HostCalls.require(
            host.call(
                OPENAT, AT_FDCWD, arena.allocateFrom(path).address(), O_RDWR_NOCTTY_CLOEXEC, 0),
            "open " + path);
  }

  private int openSlave() {
    MemorySegment zero = arena.allocate(ValueLayout.JAVA_INT);
    HostCalls.require(host.call(SystemCall.IOCTL, master, TIOCSPTLCK, zero.address()), "unlock");
    return (int)
        HostCalls.require(
            host.call(SystemCall.IOCTL, master, TIOCGPTPEER, O_RDWR_NOCTTY_CLOEXEC), "slave");
  }

  @AfterEach
  void close() {
    host.call(SystemCall.CLOSE, slave, 0, 0);
    host.call(SystemCall.CLOSE, master, 0, 0);
    arena.close();
  }

  private HostTerminal terminal() {
    return HostTerminal.of(slave).orElseThrow();
  }

  @Test
  void tellsTerminalsFromOtherFiles() {
    int file = open("/dev/null");
    assertTrue(HostTerminal.isTerminal(slave));
    assertFalse(HostTerminal.isTerminal(file));
    assertFalse(HostTerminal.isTerminal(-1));
    host.call(SystemCall.CLOSE, file, 0, 0);
  }

  @Test
  void theWindowHasTheSizeThatItWasGiven() {
    WindowSize size = new WindowSize(50, 132, 640, 65535);
    terminal().setWindowSize(size);
    assertEquals(size, terminal().windowSize());
    assertEquals(size, HostTerminal.of(master).orElseThrow().windowSize());
  }

  @Test
  void rawModeEndsWithWhatWasBefore() {
    TerminalAttributes before = terminal().attributes();
    assertNotEquals(0, before.localFlags() & ECHO);
    RawMode raw = terminal().enterRawMode();
    assertEquals(before, raw.before());
    assertEquals(0, terminal().attributes().localFlags() & ECHO);
    assertEquals(before.raw(), terminal().attributes());
    raw.close();
    assertEquals(before, terminal().attributes());
    terminal().setAttributes(before.raw());
    raw.close();
    assertEquals(before.raw(), terminal().attributes());
  }

  @Test
  void controlCharactersPassThroughARawTerminal() {
    try (RawMode raw = terminal().enterRawMode()) {
      assertNotEquals(raw.before(), terminal().attributes());
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, new byte[] {3, 26, 13, 4});
      assertEquals(4, new HostDescriptor(master).write(bytes));
      HostDescriptor input = new HostDescriptor(slave);
      assertEquals(HostDescriptor.POLLIN, input.poll(HostDescriptor.POLLIN, 10_000));
      MemorySegment read = arena.allocate(16);
      assertEquals(4, input.read(read));
      assertEquals(-1, bytes.mismatch(read.asSlice(0, 4)));
      assertEquals(0, input.poll(HostDescriptor.POLLIN, 0));
      assertEquals(HostDescriptor.POLLOUT, input.poll(HostDescriptor.POLLOUT, -1));
    }
  }

  @Test
  void aTerminalThatIsGoneIsAnError() {
    HostTerminal gone = terminal();
    int copy = slave;
    host.call(SystemCall.CLOSE, copy, 0, 0);
    assertThrows(HostException.class, gone::windowSize);
    assertThrows(HostException.class, gone::attributes);
  }
}
