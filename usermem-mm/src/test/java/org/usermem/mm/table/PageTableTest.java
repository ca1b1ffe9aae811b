package org.usermem.mm.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PageTableTest {

  private static final long[] CORNERS = {0, 500, 1 << 18, (1 << 27) - 5, (1L << 35) - 2000};

  /** Fills or clears pages near a corner of the address space. */
  record Step(int corner, int page, int count, boolean fill) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, CORNERS.length - 1),
            Arbitraries.integers().between(0, 1200),
            Arbitraries.integers().between(1, 700),
            Arbitraries.of(true, false))
        .as(Step::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 100, seed = "1")
  void isAsAMapOfPages(@ForAll("steps") List<Step> steps) {
    PageTable table = new PageTable(1000);
    Map<Long, Long> model = new HashMap<>();
    for (Step step : steps) {
      long page = CORNERS[step.corner()] + step.page();
      if (step.fill()) {
        long entry = PageEntry.of(page << 14, PageEntry.READ | PageEntry.WRITE);
        table.fill(page, page + step.count(), entry);
        for (int i = 0; i < step.count(); i++) {
          model.put(page + i, entry + i * 4096L);
        }
      } else {
        table.clear(page, page + step.count());
        for (int i = 0; i < step.count(); i++) {
          model.remove(page + i);
        }
      }
    }
    for (long corner : CORNERS) {
      for (long page = corner; page < corner + 2000; page++) {
        assertEquals(model.getOrDefault(page, PageEntry.NONE), table.get(page));
      }
    }
  }

  @Test
  void startsAgainRatherThanGrowBeyondItsLimit() {
    PageTable table = new PageTable(10);
    for (long i = 0; i < 1000; i++) {
      table.fill(i << 20, (i << 20) + 1, PageEntry.of(i << 12, PageEntry.READ));
      assertEquals(PageEntry.of(i << 12, PageEntry.READ), table.get(i << 20));
    }
    assertEquals(PageEntry.NONE, table.get(0));
    table.clear();
    assertEquals(PageEntry.NONE, table.get(999L << 20));
  }

  @Test
  void anEntryAllowsWhatAllItsFlagsAllow() {
    long entry = PageEntry.of(0x5000, PageEntry.READ | PageEntry.FORCED_READ);
    assertEquals(0x5000, PageEntry.offset(entry));
    assertEquals(true, PageEntry.allows(entry, PageEntry.READ));
    assertEquals(false, PageEntry.allows(entry, PageEntry.READ | PageEntry.WRITE));
  }
}
