package org.usermem.platform.stub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.usermem.addr.Addr;

/** Limits of the host that guests meet. */
public final class HostLimits {

  private static final Path MMAP_MIN_ADDR = Path.of("/proc/sys/vm/mmap_min_addr");
  private static final long DEFAULT_MMAP_MIN_ADDR = 0x1_0000;

  private HostLimits() {}

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
