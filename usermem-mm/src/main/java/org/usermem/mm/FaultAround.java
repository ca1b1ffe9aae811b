package org.usermem.mm;

import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaFlag;

/**
 * How much around a fault gets pages too.
 *
 * <p>A fault of the guest costs as much as ten pages, so one page is never the answer; but what is
 * given is committed. So the window starts small and doubles as long as the faults walk: where the
 * pages just below (or, for a walk downwards, just above) the window are there already, the window
 * is as large as they are.
 */
final class FaultAround {

  /** Bytes around a fault that no other is near. */
  static final long SMALLEST = 16 * Addr.PAGE_SIZE;

  /** The same for a file, whose pages cost no more memory if others map them too. */
  static final long SMALLEST_OF_FILE = 64 * Addr.PAGE_SIZE;

  /** Bytes around a fault in a walk. */
  static final long LARGEST = Addr.HUGE_PAGE_SIZE;

  private FaultAround() {}

  /**
   * Returns the size of the window, a power of two that the window is aligned to.
   *
   * @param vma the area
   * @param before the page area before the fault, or null
   * @param after the page area after the fault, or null
   * @param addr the address of the fault
   */
  static long window(Vma vma, @Nullable Pma before, @Nullable Pma after, long addr) {
    if (vma.attributes().has(VmaFlag.RANDOM)) {
      return Addr.PAGE_SIZE;
    }
    if (vma.attributes().has(VmaFlag.HUGE_PAGE | VmaFlag.SEQUENTIAL)) {
      return LARGEST;
    }
    long smallest = vma.attributes().isAnonymous() ? SMALLEST : SMALLEST_OF_FILE;
    long run = 0;
    if (before != null && addr - before.end() < SMALLEST) {
      run = before.byteCount();
    } else if (after != null && after.start() - addr <= SMALLEST) {
      run = after.byteCount();
    }
    if (run <= smallest) {
      return smallest;
    }
    return run >= LARGEST ? LARGEST : Long.highestOneBit(run);
  }
}
