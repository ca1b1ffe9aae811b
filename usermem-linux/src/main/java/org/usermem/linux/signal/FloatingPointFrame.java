package org.usermem.linux.signal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The floating-point state in a signal frame: an XSAVE area whose bytes 464 to 511, which software
 * may use, say that there is more than the legacy area and how long it is ({@code struct
 * _fpx_sw_bytes}), and a magic number behind it.
 */
final class FloatingPointFrame {
  /** Length of the area of FXSAVE. */
  static final int LEGACY_BYTE_COUNT = 512;

  /** Length of the legacy area and the header of XSAVE. */
  static final int MINIMUM_BYTE_COUNT = 576;

  private static final int CONTROL_WORD_AT = 0;
  private static final int TAG_WORD_AT = 4;
  private static final int MXCSR_AT = 24;
  private static final short INITIAL_CONTROL_WORD = 0x37f;
  private static final int INITIAL_MXCSR = 0x1f80;

  private static final int SOFTWARE_AT = 464;
  private static final int HEADER_AT = 512;
  private static final int MAGIC_1 = 0x46505853;
  private static final int MAGIC_2 = 0x46505845;
  private static final int MAGIC_BYTE_COUNT = 4;
  private static final long LEGACY_COMPONENTS = 3;

  private FloatingPointFrame() {}

  /** Bytes on the stack for an XSAVE area of a length. */
  static int byteCount(int areaByteCount) {
    return areaByteCount + MAGIC_BYTE_COUNT;
  }

  /**
   * Completes an area that the XSAVE state has been written to.
   *
   * @param frame {@link #byteCount} bytes
   * @param components the components that the processor saves (XCR0)
   */
  static void mark(MemorySegment frame, int areaByteCount, long components) {
    frame.set(JAVA_INT_UNALIGNED, SOFTWARE_AT, MAGIC_1);
    frame.set(JAVA_INT_UNALIGNED, SOFTWARE_AT + 4, byteCount(areaByteCount));
    frame.set(JAVA_LONG_UNALIGNED, SOFTWARE_AT + 8, components);
    frame.set(JAVA_INT_UNALIGNED, SOFTWARE_AT + 16, areaByteCount);
    frame.asSlice(SOFTWARE_AT + 20, LEGACY_BYTE_COUNT - SOFTWARE_AT - 20).fill((byte) 0);
    frame.set(JAVA_INT_UNALIGNED, areaByteCount, MAGIC_2);
  }

  /**
   * Reads XCR0 from where the host left it for debuggers: the software bytes of an area that it
   * saved.
   */
  static long components(MemorySegment area) {
    long components = area.get(JAVA_LONG_UNALIGNED, SOFTWARE_AT);
    return components != 0
        ? components
        : area.get(JAVA_LONG_UNALIGNED, HEADER_AT) | LEGACY_COMPONENTS;
  }

  /**
   * Whether a frame's area has all of {@code areaByteCount} bytes; otherwise only the legacy area
   * counts ({@code check_xstate_in_sigframe}).
   */
  static boolean isExtended(MemorySegment frame, int areaByteCount) {
    return frame.get(JAVA_INT_UNALIGNED, SOFTWARE_AT) == MAGIC_1
        && frame.get(JAVA_INT_UNALIGNED, SOFTWARE_AT + 16) == areaByteCount
        && frame.get(JAVA_INT_UNALIGNED, SOFTWARE_AT + 4) == byteCount(areaByteCount)
        && frame.get(JAVA_INT_UNALIGNED, areaByteCount) == MAGIC_2;
  }

  /** Makes an area in which only the legacy state is there and all else is as in a new program. */
  static void keepLegacyOnly(MemorySegment area) {
    area.asSlice(HEADER_AT).fill((byte) 0);
    area.set(JAVA_LONG_UNALIGNED, HEADER_AT, LEGACY_COMPONENTS);
  }

  /** The state of a new program. */
  static MemorySegment initial(int areaByteCount) {
    MemorySegment area = MemorySegment.ofArray(new byte[areaByteCount]);
    area.set(JAVA_SHORT_UNALIGNED, CONTROL_WORD_AT, INITIAL_CONTROL_WORD);
    area.set(JAVA_INT_UNALIGNED, MXCSR_AT, INITIAL_MXCSR);
    area.set(JAVA_LONG_UNALIGNED, HEADER_AT, LEGACY_COMPONENTS);
    return area;
  }

  /**
   * Whether a function that is entered with this state would notice: x87 registers in use, or
   * another control word. Vector registers may hold anything at a function's entry.
   */
  static boolean isInUse(MemorySegment area) {
    long components = area.get(JAVA_LONG_UNALIGNED, HEADER_AT);
    boolean hasX87 = (components & 1) != 0;
    boolean hasVectors = (components & 6) != 0;
    boolean usesX87 =
        area.get(JAVA_BYTE, TAG_WORD_AT) != 0
            || area.get(JAVA_SHORT_UNALIGNED, CONTROL_WORD_AT) != INITIAL_CONTROL_WORD;
    return (hasX87 && usesX87)
        || (hasVectors && area.get(JAVA_INT_UNALIGNED, MXCSR_AT) != INITIAL_MXCSR);
  }
}
