package org.usermem.platform.stub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.usermem.addr.Addr;

/** Limits of the host that guests meet. */
public final class HostLimits {

  private static final Path MMAP_MIN_ADDR = Path.of("/proc/sys/vm/mmap_min_addr");
  private static final long DEFAULT_MMAP_MIN_ADDR = 0x1_0000;

  private static final Path AUXILIARY_VECTOR = Path.of("/proc/self/auxv");
  private static final long AT_HWCAP2 = 26;
  private static final long HWCAP2_FSGSBASE = 2;

  private HostLimits() {}

  /** Returns whether user code can read and set the bases of FS and GS. */
  public static boolean hasFsGsBase() {
    try {
      LongBuffer words =
          ByteBuffer.wrap(Files.readAllBytes(AUXILIARY_VECTOR))
              .order(ByteOrder.LITTLE_ENDIAN)
              .asLongBuffer();
      while (words.remaining() >= 2) {
        if (words.get() == AT_HWCAP2) {
          return (words.get() & HWCAP2_FSGSBASE) != 0;
        }
        words.get();
      }
      return false;
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Returns vm.mmap_min_addr, at least a page; its usual value where it can't be read. */
  public static long lowestMappableAddress() {
    try {
      long value = Long.parseLong(Files.readString(MMAP_MIN_ADDR).strip());
      return Math.max(Addr.PAGE_SIZE, Addr.pageRoundUp(value));
    } catch (IOException | NumberFormatException unreadable) {
      return DEFAULT_MMAP_MIN_ADDR;
    }
  }
}
