package org.usermem.platform.terminal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The attributes of a terminal: {@code struct termios} as the kernel has it.
 *
 * <p>Thread safety: immutable.
 *
 * <p>Source: {@code include/uapi/asm-generic/termbits.h} of Linux, termios(3).
 */
public final class TerminalAttributes {

  /** Number of bytes of the struct: four words of flags, the line discipline, 19 characters. */
  public static final int BYTE_COUNT = 36;

  private static final int INPUT = 0;
  private static final int OUTPUT = 4;
  private static final int CONTROL = 8;
  private static final int LOCAL = 12;
  private static final int CHARACTERS = 17;
  private static final int VTIME = 5;
  private static final int VMIN = 6;

  // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
  private static final int NOT_RAW_INPUT = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
  private static final int OPOST = 0x1;
  // ISIG ICANON ECHO ECHONL IEXTEN
  private static final int NOT_RAW_LOCAL = 0x1 | 0x2 | 0x8 | 0x40 | 0x8000;
  // CSIZE PARENB
  private static final int NOT_RAW_CONTROL = 0x30 | 0x100;
  private static final int CS8 = 0x30;

  private final byte[] struct;

  private TerminalAttributes(byte[] struct) {
    this.struct = struct;
  }

  /** Copies attributes out of the first {@link #BYTE_COUNT} bytes of a segment. */
  public static TerminalAttributes readFrom(MemorySegment source) {
    return new TerminalAttributes(source.asSlice(0, BYTE_COUNT).toArray(ValueLayout.JAVA_BYTE));
  }

  /** Copies attributes into the first {@link #BYTE_COUNT} bytes of a segment. */
  public void writeTo(MemorySegment target) {
    MemorySegment.copy(struct, 0, target, ValueLayout.JAVA_BYTE, 0, BYTE_COUNT);
  }

  /** Returns {@code c_iflag}. */
  public int inputFlags() {
    return word(INPUT);
  }

  /** Returns {@code c_oflag}. */
  public int outputFlags() {
    return word(OUTPUT);
  }

  /** Returns {@code c_cflag}. */
  public int controlFlags() {
    return word(CONTROL);
  }

  /** Returns {@code c_lflag}. */
  public int localFlags() {
    return word(LOCAL);
  }

  /**
   * Returns these attributes with every byte passed on as it is: no echo, no editing, no signals,
   * as cfmakeraw(3) does.
   */
  public TerminalAttributes raw() {
    byte[] copy = struct.clone();
    MemorySegment changed = MemorySegment.ofArray(copy);
    set(changed, INPUT, inputFlags() & ~NOT_RAW_INPUT);
    set(changed, OUTPUT, outputFlags() & ~OPOST);
    set(changed, CONTROL, (controlFlags() & ~NOT_RAW_CONTROL) | CS8);
    set(changed, LOCAL, localFlags() & ~NOT_RAW_LOCAL);
    copy[CHARACTERS + VMIN] = 1;
    copy[CHARACTERS + VTIME] = 0;
    return new TerminalAttributes(copy);
  }

  private int word(int offset) {
    return MemorySegment.ofArray(struct).get(ValueLayout.JAVA_INT_UNALIGNED, offset);
  }

  private static void set(MemorySegment struct, int offset, int value) {
    struct.set(ValueLayout.JAVA_INT_UNALIGNED, offset, value);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof TerminalAttributes other && Arrays.equals(struct, other.struct);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(struct);
  }

  @Override
  public String toString() {
    return String.format(
        "iflag=%#o oflag=%#o cflag=%#o lflag=%#o",
        inputFlags(), outputFlags(), controlFlags(), localFlags());
  }
}
