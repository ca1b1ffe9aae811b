package org.usermem.linux.tty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.Readiness;

class TerminalTest {
  private static final int LINE = 4095;

  private final Terminal terminal = new Terminal(0);

  @BeforeEach
  void noEcho() {
    Termios standard = terminal.termios();
    terminal.setTermios(
        standard.withLocalFlags(standard.localFlags() & ~(Termios.ECHO | Termios.ECHONL)), false);
    terminal.slaveOpened();
  }

  private static byte[] text(char c, int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) c);
    return bytes;
  }

  private void type(byte[] bytes) {
    assertEquals(bytes.length, terminal.type(bytes, bytes.length));
  }

  private byte[] read(int maximum) {
    byte[][] taken = new byte[1][];
    terminal.read(
        maximum,
        (bytes, count) -> {
          taken[0] = Arrays.copyOf(bytes, count);
          return count;
        });
    return taken[0];
  }

  private int show() {
    int[] first = new int[1];
    terminal.show(
        100,
        (bytes, count) -> {
          first[0] = bytes[0];
          return count;
        });
    return first[0];
  }

  @Test
  void whatFindsNoRoomInTheLineComesAfterIt() {
    Termios standard = terminal.termios();
    terminal.setTermios(standard.withLocalFlags(standard.localFlags() & ~Termios.ICANON), false);
    type(text('M', 5000));
    assertEquals(LINE, terminal.availableInput());
    assertArrayEquals(text('M', LINE), read(8192));
    assertArrayEquals(text('M', 5000 - LINE), read(8192));
  }

  @Test
  void linesThatAreTooLongAreCutAndTheNextOnesWait() {
    for (int i = 0; i < 3; i++) {
      type(text('M', 4100));
      type(new byte[] {'\n'});
    }
    for (int i = 0; i < 3; i++) {
      byte[] line = read(8192);
      assertEquals(LINE + 1, line.length);
      assertEquals('\n', line[LINE]);
    }
    assertEquals(Errno.EAGAIN, assertThrows(LinuxException.class, () -> read(100)).errno());
  }

  @Test
  void whoTypesWaitsWhenNobodyReads() {
    Termios standard = terminal.termios();
    terminal.setTermios(standard.withLocalFlags(standard.localFlags() & ~Termios.ICANON), false);
    byte[] much = text('M', 1 << 16);
    int taken = terminal.type(much, much.length);
    assertTrue(taken < much.length);
    // Some more went on into the line meanwhile.
    int more = terminal.type(much, much.length);
    assertEquals(LINE, more);
    assertEquals(0, terminal.masterReadiness() & Readiness.WRITABLE);
    assertEquals(
        Errno.EAGAIN, assertThrows(LinuxException.class, () -> terminal.type(much, 1)).errno());
    terminal.flush(true, false, false);
    assertEquals(Readiness.WRITABLE, terminal.masterReadiness() & Readiness.WRITABLE);
    assertEquals(LINE, terminal.availableInput());
  }

  @Test
  void packetModeTellsWhatProgramsDropAndStop() {
    terminal.setPacketMode(true);
    terminal.flush(true, true, true);
    assertEquals(0, terminal.masterReadiness() & Readiness.PRIORITY);
    terminal.flush(true, false, false);
    assertEquals(Readiness.PRIORITY, terminal.masterReadiness() & Readiness.PRIORITY);
    assertEquals(1, show());
    terminal.flush(true, true, false);
    assertEquals(3, show());
    terminal.setStopped(true);
    assertEquals(4, show());
    type(new byte[] {17});
    assertEquals(8, show());
    assertFalse((terminal.masterReadiness() & Readiness.PRIORITY) != 0);
  }

  @Test
  void halfACharacterAtTheStartOfALineIsNotErased() {
    terminal.editUtf8();
    type(new byte[] {(byte) 0x80, 127, '\n'});
    assertArrayEquals(new byte[] {(byte) 0x80, '\n'}, read(100));
  }
}
