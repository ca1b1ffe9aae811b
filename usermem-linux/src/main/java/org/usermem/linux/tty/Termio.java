package org.usermem.linux.tty;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** Settings of a terminal as System V had them: {@code struct termio}, half of each flag word. */
final class Termio {
  /** Size of the structure. */
  static final int BYTE_COUNT = 18;

  private static final int FLAG_WORDS = 4;

  /** Where the line discipline is, and after it the control characters, of which it has eight. */
  private static final int LINE = 8;

  private static final int LINE_AND_CHARACTERS = 9;
  private static final int LINE_OF_TERMIOS = 16;

  private Termio() {}

  /** Stores settings, as {@code kernel_termios_to_user_termio}. */
  static void encode(Termios settings, MemorySegment dst) {
    MemorySegment whole = MemorySegment.ofArray(new byte[Termios.BYTE_COUNT]);
    settings.encode(whole);
    dst.fill((byte) 0);
    for (int i = 0; i < FLAG_WORDS; i++) {
      dst.set(JAVA_SHORT_UNALIGNED, 2L * i, (short) whole.get(JAVA_INT_UNALIGNED, 4L * i));
    }
    MemorySegment.copy(whole, LINE_OF_TERMIOS, dst, LINE, LINE_AND_CHARACTERS);
  }

  /**
   * Loads settings, as {@code user_termio_to_kernel_termios}.
   *
   * @param before where what the structure does not hold comes from
   */
  static Termios decode(Termios before, MemorySegment src) {
    MemorySegment whole = MemorySegment.ofArray(new byte[Termios.BYTE_COUNT]);
    before.encode(whole);
    for (int i = 0; i < FLAG_WORDS; i++) {
      int kept = whole.get(JAVA_INT_UNALIGNED, 4L * i) & 0xffff_0000;
      int low = src.get(JAVA_SHORT_UNALIGNED, 2L * i) & 0xffff;
      whole.set(JAVA_INT_UNALIGNED, 4L * i, kept | low);
    }
    MemorySegment.copy(src, LINE, whole, LINE_OF_TERMIOS, LINE_AND_CHARACTERS);
    return Termios.decode(whole);
  }
}
