package org.usermem.mm;

import org.usermem.addr.Addr;

/**
 * Where in an address space mappings may be, and where those go whose place the program leaves
 * open. Follows Linux's {@code arch_pick_mmap_layout} on x86-64.
 *
 * @param minAddress the lowest address that may be mapped; a multiple of the page size
 * @param maxAddress the address after the highest that may be mapped; a multiple of the page size,
 *     at most 2^47
 * @param bottomUpBase where the search upwards starts
 * @param topDownBase where the search downwards starts
 * @param topDown whether mappings are placed from the top, as they are unless the stack is
 *     unlimited
 */
public record AddressSpaceLayout(
    long minAddress, long maxAddress, long bottomUpBase, long topDownBase, boolean topDown) {

  /** The end of user addresses on x86-64 with four levels of page tables. */
  public static final long TASK_SIZE = (1L << 47) - Addr.PAGE_SIZE;

  /** The default of vm.mmap_min_addr. */
  public static final long DEFAULT_MIN_ADDRESS = 1L << 16;

  /** MAP_32BIT mappings are between these: Linux's {@code find_start_end}. */
  static final long MAP_32BIT_START = 0x40000000L;

  static final long MAP_32BIT_END = 0x80000000L;

  private static final long MIN_STACK_GAP = 128L << 20;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if they are not in order or not multiples of the page size
   */
  public AddressSpaceLayout {
    if (!Addr.isPageAligned(minAddress | maxAddress | bottomUpBase | topDownBase)) {
      throw new IllegalArgumentException("bounds of a layout are multiples of the page size");
    }
    if (minAddress < 0
        || minAddress > bottomUpBase
        || bottomUpBase > maxAddress
        || minAddress > topDownBase
        || topDownBase > maxAddress
        || maxAddress > 1L << 47) {
      throw new IllegalArgumentException(
          "a layout is 0 <= min <= bases <= max <= 2^47, not min 0x%x bottom-up 0x%x top-down 0x%x max 0x%x"
              .formatted(minAddress, bottomUpBase, topDownBase, maxAddress));
    }
  }

  /**
   * Returns the layout of a program.
   *
   * @param minAddress the lowest address that may be mapped
   * @param maxAddress the address after the highest
   * @param stackLimit RLIMIT_STACK in bytes; negative for no limit, which means bottom-up
   * @param random bytes by which the bases are moved; a multiple of the page size, 0 for none
   */
  public static AddressSpaceLayout of(
      long minAddress, long maxAddress, long stackLimit, long random) {
    long gap = Math.clamp(stackLimit < 0 ? 0 : stackLimit, MIN_STACK_GAP, maxAddress / 6 * 5);
    long topDownBase = Addr.pageRoundDown(maxAddress - gap - random);
    long bottomUpBase = Addr.pageRoundDown(maxAddress / 3 + random);
    return new AddressSpaceLayout(
        minAddress,
        maxAddress,
        Math.max(bottomUpBase, minAddress),
        Math.max(topDownBase, minAddress),
        stackLimit >= 0);
  }

  /** Returns the layout of a program under the usual limits, the same each time. */
  public static AddressSpaceLayout standard() {
    return of(DEFAULT_MIN_ADDRESS, TASK_SIZE, 8L << 20, 0);
  }
}
