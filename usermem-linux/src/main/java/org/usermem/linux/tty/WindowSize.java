package org.usermem.linux.tty;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The size of a terminal: {@code struct winsize} (ioctl_tty(2)).
 *
 * @param rows lines of text
 * @param columns characters a line
 * @param width pixels
 * @param height pixels
 */
public record WindowSize(int rows, int columns, int width, int height) {
  static final int BYTE_COUNT = 8;

  /** The size of a terminal that nobody has given one. */
  public static final WindowSize UNKNOWN = new WindowSize(0, 0, 0, 0);

  static WindowSize decode(MemorySegment src) {
    return new WindowSize(field(src, 0), field(src, 2), field(src, 4), field(src, 6));
  }

  private static int field(MemorySegment src, long at) {
    return Short.toUnsignedInt(src.get(JAVA_SHORT_UNALIGNED, at));
  }

  void encode(MemorySegment dst) {
    dst.set(JAVA_SHORT_UNALIGNED, 0, (short) rows);
    dst.set(JAVA_SHORT_UNALIGNED, 2, (short) columns);
    dst.set(JAVA_SHORT_UNALIGNED, 4, (short) width);
    dst.set(JAVA_SHORT_UNALIGNED, 6, (short) height);
  }
}
