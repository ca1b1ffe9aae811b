package org.usermem.platform;

import org.usermem.addr.Addr;
import org.usermem.memmap.FileRange;

/** The checks of arguments that every {@link AddressSpace} makes. */
public final class MappingChecks {

  private MappingChecks() {}

  /**
   * Refuses a mapping that is not of whole pages within the platform's addresses.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static void requireMappable(Platform platform, long address, FileRange range) {
    if (range.isEmpty() || !range.isPageAligned() || !Addr.isPageAligned(address)) {
      throw new IllegalArgumentException(
          "can't map " + range + " at " + Addr.toString(address) + ": not whole pages");
    }
    if (Addr.lessThan(address, platform.minAddress())
        || Addr.addOverflows(address, range.byteCount())
        || Addr.lessThan(platform.maxAddress(), address + range.byteCount())) {
      throw new IllegalArgumentException(
          "can't map "
              + range
              + " at "
              + Addr.toString(address)
              + ": addresses are from "
              + Addr.toString(platform.minAddress())
              + " to "
              + Addr.toString(platform.maxAddress()));
    }
  }

  /**
   * Refuses a range of addresses that is not of whole pages.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static void requirePages(long address, long byteCount) {
    if (!Addr.isPageAligned(address) || !Addr.isPageAligned(byteCount)) {
      throw new IllegalArgumentException(
          "can't unmap " + byteCount + " bytes at " + Addr.toString(address) + ": not whole pages");
    }
  }
}
