package org.usermem.platform.systrap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The XSAVE area of a signal frame.
 *
 * <p>What goes in may come from a program. The kernel would answer an area that the hardware
 * refuses with a signal, so it is checked before, by the rules of XRSTOR for the standard format.
 *
 * <p>Source: Intel SDM volume 1, 13.4 and 13.8; {@code arch/x86/kernel/fpu/xstate.c} of Linux.
 */
final class ExtendedState {

  /** Number of bytes of the legacy region. */
  static final int LEGACY_BYTES = 512;

  /** Number of bytes of the header behind it. */
  static final int HEADER_BYTES = 64;

  private static final long MXCSR = 24;

  /** Bytes of the legacy region that are the software's; here the kernel keeps its own. */
  private static final long SOFTWARE = 464;

  private static final long SOFTWARE_BYTES = LEGACY_BYTES - SOFTWARE;
  private static final long HEADER_FEATURES = LEGACY_BYTES;
  private static final long HEADER_RESERVED = LEGACY_BYTES + 8;
  private static final long EXTENDED = LEGACY_BYTES + HEADER_BYTES;

  private final MemorySegment area;
  private final FrameGeometry geometry;

  ExtendedState(MemorySegment slot, FrameGeometry geometry) {
    area = slot.asSlice(geometry.extendedStateOffset(), geometry.extendedStateByteCount());
    this.geometry = geometry;
  }

  /**
   * Copies the area out. Where the kernel has its own words there is what ptrace(2) has there: the
   * features, and zeros.
   */
  void save(MemorySegment target) {
    MemorySegment.copy(area, 0, target, 0, area.byteSize());
    target.asSlice(SOFTWARE, SOFTWARE_BYTES).fill((byte) 0);
    target.set(ValueLayout.JAVA_LONG_UNALIGNED, SOFTWARE, geometry.features());
  }

  /**
   * Copies an area in, except for the kernel's words.
   *
   * @return whether the hardware accepts it; if not nothing has changed
   */
  boolean load(MemorySegment source) {
    if (!isAcceptable(source)) {
      return false;
    }
    MemorySegment.copy(source, 0, area, 0, SOFTWARE);
    MemorySegment.copy(
        source, HEADER_FEATURES, area, HEADER_FEATURES, area.byteSize() - HEADER_FEATURES);
    return true;
  }

  private boolean isAcceptable(MemorySegment source) {
    int mxcsr = source.get(ValueLayout.JAVA_INT_UNALIGNED, MXCSR);
    long features = source.get(ValueLayout.JAVA_LONG_UNALIGNED, HEADER_FEATURES);
    if ((mxcsr & ~geometry.mxcsrMask()) != 0 || (features & ~geometry.features()) != 0) {
      return false;
    }
    for (long offset = HEADER_RESERVED; offset < EXTENDED; offset += Long.BYTES) {
      if (source.get(ValueLayout.JAVA_LONG_UNALIGNED, offset) != 0) {
        return false;
      }
    }
    return true;
  }
}
