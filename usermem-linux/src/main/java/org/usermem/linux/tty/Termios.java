package org.usermem.linux.tty;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The settings of a terminal (termios(3)): {@code struct termios} of the kernel's ABI, not of the C
 * library's. Immutable.
 */
final class Termios {
  /** Length of c_cc. */
  static final int CONTROL_CHARACTER_COUNT = 19;

  /** Length of the structure that TCGETS moves. */
  static final int BYTE_COUNT = 36;

  /** Length of the structure that TCGETS2 moves: two speeds more. */
  static final int BYTE_COUNT_2 = 44;

  static final int VINTR = 0;
  static final int VQUIT = 1;
  static final int VERASE = 2;
  static final int VKILL = 3;
  static final int VEOF = 4;
  static final int VTIME = 5;
  static final int VMIN = 6;
  static final int VSTART = 8;
  static final int VSTOP = 9;
  static final int VSUSP = 10;
  static final int VEOL = 11;
  static final int VREPRINT = 12;
  static final int VWERASE = 14;
  static final int VLNEXT = 15;
  static final int VEOL2 = 16;

  static final int IGNBRK = 0x1;
  static final int PARMRK = 0x8;
  static final int ISTRIP = 0x20;
  static final int INLCR = 0x40;
  static final int IGNCR = 0x80;
  static final int ICRNL = 0x100;
  static final int IUCLC = 0x200;
  static final int IXON = 0x400;
  static final int IXANY = 0x800;
  static final int IUTF8 = 0x4000;

  static final int OPOST = 0x1;
  static final int OLCUC = 0x2;
  static final int ONLCR = 0x4;
  static final int OCRNL = 0x8;
  static final int ONOCR = 0x10;
  static final int ONLRET = 0x20;
  static final int TABDLY = 0x1800;

  static final int ISIG = 0x1;
  static final int ICANON = 0x2;
  static final int ECHO = 0x8;
  static final int ECHOE = 0x10;
  static final int ECHOK = 0x20;
  static final int ECHONL = 0x40;
  static final int NOFLSH = 0x80;
  static final int TOSTOP = 0x100;
  static final int ECHOCTL = 0x200;
  static final int ECHOKE = 0x800;
  static final int IEXTEN = 0x8000;

  private final int inputFlags;
  private final int outputFlags;
  private final int controlFlags;
  private final int localFlags;
  private final byte line;
  private final byte[] controlCharacters;

  private static final int B38400 = 0xf;
  private static final int SPEED = 38400;

  /** What a terminal starts with ({@code tty_std_termios}). */
  static final Termios STANDARD =
      new Termios(
          ICRNL | IXON,
          OPOST | ONLCR,
          B38400 | 0x30 | 0x80,
          ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
          (byte) 0,
          new byte[] {3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0});

  private Termios(
      int inputFlags,
      int outputFlags,
      int controlFlags,
      int localFlags,
      byte line,
      byte[] controlCharacters) {
    this.inputFlags = inputFlags;
    this.outputFlags = outputFlags;
    this.controlFlags = controlFlags;
    this.localFlags = localFlags;
    this.line = line;
    this.controlCharacters = controlCharacters;
  }

  /** Returns the same settings with another input flag. */
  Termios withInput(int flag) {
    return new Termios(
        inputFlags | flag, outputFlags, controlFlags, localFlags, line, controlCharacters);
  }

  /** Returns the same settings with other local flags. */
  Termios withLocalFlags(int flags) {
    return new Termios(inputFlags, outputFlags, controlFlags, flags, line, controlCharacters);
  }

  int outputFlags() {
    return outputFlags;
  }

  int localFlags() {
    return localFlags;
  }

  byte controlCharacter(int index) {
    return controlCharacters[index];
  }

  /** Reads a structure of {@link #BYTE_COUNT} bytes or more; the speeds are not kept. */
  static Termios decode(MemorySegment src) {
    byte[] characters = src.asSlice(17, CONTROL_CHARACTER_COUNT).toArray(JAVA_BYTE);
    return new Termios(
        src.get(JAVA_INT_UNALIGNED, 0),
        src.get(JAVA_INT_UNALIGNED, 4),
        src.get(JAVA_INT_UNALIGNED, 8),
        src.get(JAVA_INT_UNALIGNED, 12),
        src.get(JAVA_BYTE, 16),
        characters);
  }

  /** Writes the structure, with speeds if there is room for them. */
  void encode(MemorySegment dst) {
    dst.set(JAVA_INT_UNALIGNED, 0, inputFlags);
    dst.set(JAVA_INT_UNALIGNED, 4, outputFlags);
    dst.set(JAVA_INT_UNALIGNED, 8, controlFlags);
    dst.set(JAVA_INT_UNALIGNED, 12, localFlags);
    dst.set(JAVA_BYTE, 16, line);
    MemorySegment.copy(controlCharacters, 0, dst, JAVA_BYTE, 17, CONTROL_CHARACTER_COUNT);
    if (dst.byteSize() >= BYTE_COUNT_2) {
      dst.set(JAVA_INT_UNALIGNED, 36, SPEED);
      dst.set(JAVA_INT_UNALIGNED, 40, SPEED);
    }
  }

  boolean hasInput(int flag) {
    return (inputFlags & flag) != 0;
  }

  boolean hasOutput(int flag) {
    return (outputFlags & flag) != 0;
  }

  boolean hasLocal(int flag) {
    return (localFlags & flag) != 0;
  }

  /** Whether input is read by lines. */
  boolean isCanonical() {
    return hasLocal(ICANON);
  }

  /** Whether a byte is the control character of an index; a control character of 0 is none. */
  boolean is(int index, byte b) {
    byte character = controlCharacters[index];
    return character != 0 && character == b;
  }

  int minimum() {
    return controlCharacters[VMIN] & 0xff;
  }

  /** Tenths of a second to wait between bytes; 0 is for ever. */
  int time() {
    return controlCharacters[VTIME] & 0xff;
  }
}
