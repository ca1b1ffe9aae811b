package org.usermem.benchmarks.mm.stress;

import java.util.Arrays;
import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;

/** A page full of ones that a table knows, and the copies of it: what the guard is made of. */
abstract class GuardedPage {

  static final long NUMBER = 5;

  private static final long ENTRY = PageEntry.of(0x1000, PageEntry.READ);

  final Epochs epochs = new Epochs(2);
  final PageTable table = new PageTable(16);

  private final byte[] page = new byte[512];
  private final byte[] buffer = new byte[512];

  GuardedPage() {
    this(true);
  }

  GuardedPage(boolean known) {
    recycle(1);
    if (known) {
      enter();
    }
  }

  /** Puts the page into the table. */
  final void enter() {
    table.fill(NUMBER, NUMBER + 1, ENTRY);
  }

  final boolean isKnown() {
    return PageEntry.allows(table.get(NUMBER), PageEntry.READ);
  }

  /** Takes the page out of the table, by its entry. */
  final void clear() {
    table.clear(NUMBER, NUMBER + 1);
  }

  /** Takes the page out of the table, with its leaf. */
  final void unlink() {
    table.clear(0, PageTable.LEAF_PAGES);
  }

  /** Gives the page to somebody else. */
  final void recycle(int contents) {
    Arrays.fill(page, (byte) contents);
  }

  /** Copies the page inside an epoch; returns its contents, or 0 if the table does not know it. */
  final int copy() {
    int slot = epochs.enter();
    try {
      return isKnown() ? contentsLater() : 0;
    } finally {
      epochs.exit(slot);
    }
  }

  /** Copies the page after a while; returns its last byte. */
  final int contentsLater() {
    Linger.briefly();
    System.arraycopy(page, 0, buffer, 0, page.length);
    return buffer[buffer.length - 1];
  }
}
