package org.usermem.benchmarks.mm.stress;

import org.usermem.mm.epoch.Epochs;
import org.usermem.mm.epoch.Quarantine;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.table.PageEntry;
import org.usermem.mm.table.PageTable;

/** A page that is lent out of a table. */
abstract class LentPage {

  static final long START = 0x1000;
  static final long END = 0x2000;

  private volatile int released;
  final Quarantine quarantine = new Quarantine(2, range -> released = 1);
  final Epochs epochs = quarantine.epochs();
  private final PageTable table = new PageTable(16);

  LentPage() {
    table.fill(5, 6, PageEntry.of(START, PageEntry.READ));
  }

  final boolean isKnown() {
    return PageEntry.allows(table.get(5), PageEntry.READ);
  }

  /** Takes the page away and releases it if it can; returns 1 if it has. */
  final int retire() {
    table.clear(5, 6);
    Retired retired = new Retired();
    retired.add(START, END);
    quarantine.retire(retired);
    quarantine.awaitAndReclaim();
    return released;
  }
}
