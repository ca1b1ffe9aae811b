package org.usermem.mm;

import org.usermem.addr.Addr;
import org.usermem.mm.pma.Pma;
import org.usermem.mm.vma.Vma;
import org.usermem.mm.vma.VmaFlag;

/**
 * How much is copied at a copy-on-write break: a window that doubles while the breaks walk, as for
 * {@link FaultAround}. Code and stacks are broken at single places, so there it stays small.
 */
final class CopyWindow {

  private CopyWindow() {}

  /** Returns the size of the window, a power of two that it is aligned to. */
  static long byteCount(Vma vma, Pma pma, long addr) {
    // What is a file's is copied page by page: the pages around must go on to show the file.
    if (!pma.isPrivate() || vma.attributes().effectiveAccess().canExecute()) {
      return Addr.PAGE_SIZE;
    }
    if (vma.attributes().has(VmaFlag.GROWS_DOWN | VmaFlag.STACK)) {
      return 2 * Addr.PAGE_SIZE;
    }
    Pma before = pma.prev();
    if (before == null
        || before.end() != pma.start()
        || addr - pma.start() >= FaultAround.SMALLEST
        || !before.isPrivate()
        || before.isCopyOnWrite()
        || before.byteCount() <= FaultAround.SMALLEST) {
      return FaultAround.SMALLEST;
    }
    return Math.min(Long.highestOneBit(before.byteCount()), FaultAround.LARGEST);
  }
}
