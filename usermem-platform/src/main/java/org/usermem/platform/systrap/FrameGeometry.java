package org.usermem.platform.systrap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.platform.PlatformException;
import org.usermem.platform.stub.StubLayout;

/**
 * Where the kernel puts things on the alternate stack of every guest thread of this host, and what
 * its extended state is like: measured once, on a process that has not run guest code.
 *
 * @param ucontextOffset offset of the ucontext in the slot
 * @param extendedStateOffset offset of the XSAVE area in the slot
 * @param extendedStateByteCount number of bytes of the area
 * @param features the state components that the area holds, as in XCR0
 * @param mxcsrMask the bits of MXCSR that this processor has
 */
record FrameGeometry(
    long ucontextOffset,
    long extendedStateOffset,
    int extendedStateByteCount,
    long features,
    int mxcsrMask) {

  private static final int MAGIC = 0x4650_5853;
  private static final long MXCSR_MASK = 28;
  private static final long SOFTWARE_MAGIC = 464;
  private static final long SOFTWARE_FEATURES = 472;
  private static final long SOFTWARE_BYTE_COUNT = 480;
  private static final int DEFAULT_MXCSR_MASK = 0xffbf;

  /**
   * Measures a slot whose thread has stopped for the first time.
   *
   * @param slot the slot
   * @param slotAddress where the stub sees it
   * @param ucontextAddress what the kernel has told the handler
   */
  static FrameGeometry measure(MemorySegment slot, long slotAddress, long ucontextAddress) {
    long ucontext = ucontextAddress - slotAddress;
    require(ucontext > 0 && ucontext + SignalFrame.BYTE_COUNT <= slot.byteSize(), "ucontext");
    SignalFrame frame = new SignalFrame(slot.asSlice(ucontext, SignalFrame.BYTE_COUNT));
    long area = frame.extendedStateAddress() - slotAddress;
    require(area > ucontext && area + ExtendedState.LEGACY_BYTES <= slot.byteSize(), "XSAVE area");
    require(slot.get(ValueLayout.JAVA_INT, area + SOFTWARE_MAGIC) == MAGIC, "no XSAVE area");
    int byteCount = slot.get(ValueLayout.JAVA_INT, area + SOFTWARE_BYTE_COUNT);
    require(
        byteCount >= ExtendedState.LEGACY_BYTES + ExtendedState.HEADER_BYTES
            && area + byteCount <= slot.byteSize(),
        "size of the XSAVE area");
    int mask = slot.get(ValueLayout.JAVA_INT, area + MXCSR_MASK);
    return new FrameGeometry(
        ucontext,
        area,
        byteCount,
        slot.get(ValueLayout.JAVA_LONG, area + SOFTWARE_FEATURES),
        mask == 0 ? DEFAULT_MXCSR_MASK : mask);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new PlatformException(
          "the signal frames of this host are not as expected ("
              + what
              + ", slots at "
              + Long.toHexString(StubLayout.SLOTS)
              + "); use --platform=ptrace");
    }
  }
}
