package org.usermem.mm;

import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.MapOptions;
import org.usermem.mm.extent.Gaps;
import org.usermem.mm.vma.Vma;

/**
 * Where a new mapping goes: Linux's {@code get_unmapped_area} with the x86-64 rules of {@code
 * arch_get_unmapped_area_topdown}. Under the lock of the mappings.
 */
final class Placing {

  private Placing() {}

  /**
   * Returns the address of a new mapping.
   *
   * @param byteCount its length, a multiple of the page size
   */
  static long place(Space space, MapOptions options, long byteCount) {
    return switch (options.placement()) {
      case ANYWHERE -> anywhere(space, options, byteCount);
      case FIXED_REPLACE ->
          options.force() ? options.address() : fixed(space, options.address(), byteCount);
      case FIXED -> free(space, options, byteCount, Errno.ENOMEM);
      case FIXED_NO_REPLACE -> free(space, options, byteCount, Errno.EEXIST);
    };
  }

  /** Checks an address that was asked for. */
  static long fixed(Space space, long addr, long byteCount) {
    AddressSpaceLayout layout = space.layout;
    if (!Addr.isPageAligned(addr)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (!Addr.atMost(addr, layout.maxAddress() - byteCount)) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    if (addr < layout.minAddress()) {
      // Linux: cap_mmap_addr.
      throw LinuxException.of(Errno.EPERM);
    }
    return addr;
  }

  private static long free(Space space, MapOptions options, long byteCount, Errno taken) {
    long addr = fixed(space, options.address(), byteCount);
    if (!space.vmas.tree().isFree(addr, addr + byteCount)) {
      throw LinuxException.of(taken);
    }
    return addr;
  }

  private static long anywhere(Space space, MapOptions options, long byteCount) {
    AddressSpaceLayout layout = space.layout;
    long low = options.map32Bit() ? AddressSpaceLayout.MAP_32BIT_START : layout.minAddress();
    long high = options.map32Bit() ? AddressSpaceLayout.MAP_32BIT_END : layout.maxAddress();
    long hint = Addr.pageRoundDown(options.address());
    if (hint != 0) {
      hint = Addr.max(hint, layout.minAddress());
      if (isHintGood(space, hint, byteCount, high)) {
        return hint;
      }
    }
    long alignment =
        options.isAnonymous() && byteCount >= Addr.HUGE_PAGE_SIZE
            ? Addr.HUGE_PAGE_SIZE
            : Addr.PAGE_SIZE;
    long addr = Gaps.NONE;
    if (options.map32Bit()) {
      addr = Gaps.lowest(space.vmas.tree(), byteCount, low, high, Addr.PAGE_SIZE);
    } else if (layout.topDown()) {
      addr =
          Gaps.highest(
              space.vmas.tree(), byteCount, layout.minAddress(), layout.topDownBase(), alignment);
    }
    if (addr == Gaps.NONE && !options.map32Bit()) {
      addr =
          Gaps.lowest(
              space.vmas.tree(), byteCount, layout.bottomUpBase(), layout.maxAddress(), alignment);
    }
    if (addr == Gaps.NONE) {
      throw LinuxException.of(Errno.ENOMEM);
    }
    return addr;
  }

  private static boolean isHintGood(Space space, long hint, long byteCount, long high) {
    if (!Addr.atMost(hint, high - byteCount)) {
      return false;
    }
    Vma vma = space.vmas.tree().lowerBound(hint);
    return vma == null || hint + byteCount <= vma.guardedStart();
  }
}
