package org.usermem.linux.tty;

/**
 * What a terminal shows: bytes of programs after output processing, and echoes. Knows the column,
 * so that tabs can be erased. Not thread-safe.
 */
final class TerminalOutput {
  static final int CAPACITY = 8192;

  /** Echoes may use the rest, so that typing does not fail while a program fills the terminal. */
  private static final int PROGRAM_CAPACITY = 6144;

  private final ByteQueue bytes = new ByteQueue(CAPACITY);
  private int column;

  ByteQueue bytes() {
    return bytes;
  }

  int column() {
    return column;
  }

  /** Whether a program may write another byte, which can become several. */
  boolean hasRoom() {
    return bytes.size() + 8 <= PROGRAM_CAPACITY;
  }

  /** Puts a byte through output processing ({@code do_output_char}). */
  void write(byte b, Termios termios) {
    if (!termios.hasOutput(Termios.OPOST)) {
      put(b);
      return;
    }
    switch (b) {
      case '\n' -> {
        if (termios.hasOutput(Termios.ONLRET)) {
          column = 0;
        }
        if (termios.hasOutput(Termios.ONLCR)) {
          put((byte) '\r');
          column = 0;
        }
        put(b);
      }
      case '\r' -> {
        if (termios.hasOutput(Termios.ONOCR) && column == 0) {
          return;
        }
        boolean newline = termios.hasOutput(Termios.OCRNL);
        if (!newline || termios.hasOutput(Termios.ONLRET)) {
          column = 0;
        }
        put(newline ? (byte) '\n' : b);
      }
      case '\t' -> tab(termios);
      case '\b' -> {
        column = Math.max(0, column - 1);
        put(b);
      }
      default -> {
        byte shown = termios.hasOutput(Termios.OLCUC) ? upperCase(b) : b;
        boolean continuation = termios.hasInput(Termios.IUTF8) && (b & 0xc0) == 0x80;
        if ((b & 0xe0) != 0 && b != 0x7f && !continuation) {
          column++;
        }
        put(shown);
      }
    }
  }

  private void tab(Termios termios) {
    int spaces = 8 - column % 8;
    column += spaces;
    if ((termios.outputFlags() & Termios.TABDLY) != Termios.TABDLY) {
      put((byte) '\t');
      return;
    }
    for (int i = 0; i < spaces; i++) {
      put((byte) ' ');
    }
  }

  private static byte upperCase(byte b) {
    return b >= 'a' && b <= 'z' ? (byte) (b - 32) : b;
  }

  /** Echoes a byte that was typed, a control character as ^X if the terminal is set so. */
  void echo(byte b, Termios termios) {
    if (isShownWithCaret(b, termios)) {
      write((byte) '^', termios);
      write((byte) (b ^ 0x40), termios);
    } else {
      write(b, termios);
    }
  }

  static boolean isShownWithCaret(byte b, Termios termios) {
    boolean control = (b >= 0 && b < ' ') || b == 0x7f;
    return control && b != '\t' && b != '\n' && termios.hasLocal(Termios.ECHOCTL);
  }

  private void put(byte b) {
    if (bytes.room() > 0) {
      bytes.add(b);
    }
  }
}
