package org.usermem.fs.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** A page tree behaves as a sorted map with a set of the pages that are dirty. */
class PageTreeTest {

  private static final long PAGE = 4096;
  private static final long LAST = (Long.MAX_VALUE >>> 12) - 1;

  enum Kind {
    PUT_RUN,
    REMOVE_RUN,
    DIRTY,
    CLEAN
  }

  record Step(Kind kind, long page, int count, long memory) {}

  /** Pages close together, around the ends of nodes, and as far away as a file can have them. */
  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> page =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 200),
            Arbitraries.longs().between(60, 70),
            Arbitraries.longs().between(4090, 4100),
            Arbitraries.longs().between((1L << 36) - 5, (1L << 36) + 5),
            Arbitraries.longs().between(LAST - 70, LAST - 10));
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            page,
            Arbitraries.integers().between(1, 10),
            Arbitraries.longs().between(0, 1L << 30))
        .as(Step::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 300, seed = "1")
  void behavesAsAMap(@ForAll("steps") List<Step> steps) {
    PageTree tree = new PageTree();
    TreeMap<Long, Long> pages = new TreeMap<>();
    Set<Long> dirty = new HashSet<>();
    for (Step step : steps) {
      for (int i = 0; i < step.count(); i++) {
        apply(step, i, tree, pages, dirty);
      }
      check(step.page(), tree, pages, dirty);
    }
    for (long page : List.copyOf(pages.keySet())) {
      check(page, tree, pages, dirty);
      assertEquals(pages.remove(page), tree.remove(page));
      dirty.remove(page);
    }
    assertEquals(0, tree.pageCount());
    assertEquals(-1, tree.nextPresent(0, LAST));
  }

  private static void apply(
      Step step, int index, PageTree tree, NavigableMap<Long, Long> pages, Set<Long> dirty) {
    long page = step.page() + index;
    boolean present = pages.containsKey(page);
    switch (step.kind()) {
      case PUT_RUN -> {
        if (!present) {
          long offset = (step.memory() + index) * PAGE;
          tree.put(page, offset);
          pages.put(page, offset);
        }
      }
      case REMOVE_RUN -> {
        Long removed = pages.remove(page);
        assertEquals(removed == null ? -1 : removed, tree.remove(page));
        dirty.remove(page);
      }
      case DIRTY -> assertEquals(present && dirty.add(page), tree.setDirty(page, true));
      case CLEAN -> assertEquals(present && dirty.remove(page), tree.setDirty(page, false));
    }
  }

  private static void check(
      long around, PageTree tree, NavigableMap<Long, Long> pages, Set<Long> dirty) {
    assertEquals(pages.size(), tree.pageCount());
    long from = Math.max(0, around - 2);
    for (long page = from; page < around + 12; page++) {
      Long offset = pages.get(page);
      assertEquals(offset == null ? PageTree.ABSENT : offset, tree.get(page));
      assertEquals(dirty.contains(page), tree.isDirty(page));
      assertEquals(run(page, pages), tree.run(page, 8));
      Long next = pages.ceilingKey(page);
      assertEquals(next == null ? -1 : next, tree.nextPresent(page, LAST + 1));
      assertEquals(next == null || next >= page + 3 ? -1 : next, tree.nextPresent(page, page + 3));
      assertEquals(nextAbsent(page, page + 12, pages), tree.nextAbsent(page, page + 12));
    }
  }

  private static long run(long page, NavigableMap<Long, Long> pages) {
    Long first = pages.get(page);
    long count = 0;
    while (first != null && count < 8) {
      Long offset = pages.get(page + count);
      if (offset == null || offset != first + count * PAGE) {
        break;
      }
      count++;
    }
    return count;
  }

  private static long nextAbsent(long from, long end, NavigableMap<Long, Long> pages) {
    long page = from;
    while (page < end && pages.containsKey(page)) {
      page++;
    }
    return page;
  }

  @Test
  void theLastPageOfTheLargestFileHasItsPlace() {
    PageTree tree = new PageTree();
    tree.put(LAST, PAGE);
    assertTrue(tree.setDirty(LAST, true));
    assertEquals(LAST, tree.nextPresent(0, LAST + 1));
    assertEquals(LAST + 1, tree.nextAbsent(LAST, LAST + 1));
    assertEquals(PAGE, tree.remove(LAST));
    assertFalse(tree.isDirty(LAST));
  }
}
