package org.usermem.linux.exec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the auxiliary vector says about the processor. Guests run on the host's own, so the values
 * are those that the host gave to this process.
 *
 * @param capabilities AT_HWCAP
 * @param moreCapabilities AT_HWCAP2
 * @param signalFrameByteCount AT_MINSIGSTKSZ
 */
public record Hardware(long capabilities, long moreCapabilities, long signalFrameByteCount) {
  private static final int MINIMUM_SIGNAL_FRAME = 2048;

  /** Reads the vector of this process; without one, what every x86-64 has. */
  public static Hardware ofHost() {
    long capabilities = 0x178bfbff;
    long more = 0;
    long frame = MINIMUM_SIGNAL_FRAME;
    byte[] vector;
    try {
      vector = Files.readAllBytes(Path.of("/proc/self/auxv"));
    } catch (IOException e) {
      return new Hardware(capabilities, more, frame);
    }
    MemorySegment words = MemorySegment.ofArray(vector);
    for (long at = 0; at + 16 <= vector.length; at += 16) {
      long value = words.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 8);
      switch ((int) words.get(ValueLayout.JAVA_LONG_UNALIGNED, at)) {
        case AuxiliaryVector.HWCAP -> capabilities = value;
        case AuxiliaryVector.HWCAP2 -> more = value;
        case AuxiliaryVector.MINSIGSTKSZ -> frame = value;
        default -> {}
      }
    }
    return new Hardware(capabilities, more, frame);
  }
}
