package org.usermem.memmap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.usermem.addr.AddrRange;

/** Whatever is mapped and unmapped, the set behaves as a set of (space, address, offset) pages. */
class MappingSetModelTest {

  private static final int PAGE = 0x1000;

  /** A page of a space that is mapped to a page of the mappable. */
  record MappedPage(int space, int page, int offsetPage, boolean writable) {}

  /** Adds a mapping, or removes one of those there are. */
  record Step(boolean add, int space, int page, int pageCount, int offsetPage, boolean writable) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(true, true, false),
            Arbitraries.integers().between(0, 1),
            Arbitraries.integers().between(0, 11),
            Arbitraries.integers().between(1, 4),
            Arbitraries.integers().between(0, 11),
            Arbitraries.of(true, false))
        .as(Step::new)
        .withoutEdgeCases()
        .list()
        .ofMaxSize(25);
  }

  /** Remembers the pages that were invalidated. */
  private static final class Space implements MappingSpace {

    final List<Integer> pages = new ArrayList<>();

    @Override
    public void invalidate(AddrRange range, boolean invalidatePrivate) {
      for (long addr = range.start(); addr < range.end(); addr += PAGE) {
        pages.add((int) (addr / PAGE));
      }
    }
  }

  private static AddrRange range(int page, int pageCount) {
    return AddrRange.of((long) page * PAGE, (long) pageCount * PAGE);
  }

  private static Set<Integer> pages(List<MappableRange> ranges) {
    Set<Integer> pages = new TreeSet<>();
    long end = -1;
    for (MappableRange range : ranges) {
      assertEquals(true, range.start() > end || end == -1 || range.start() == end);
      for (long offset = range.start(); offset < range.end(); offset += PAGE) {
        pages.add((int) (offset / PAGE));
      }
      end = range.end();
    }
    return pages;
  }

  private static boolean isMapped(Set<MappedPage> model, int offsetPage) {
    return model.stream().anyMatch(page -> page.offsetPage() == offsetPage);
  }

  @Property(seed = "1")
  void theSetIsThatOfItsPages(@ForAll("steps") List<Step> steps) {
    MappingSet set = new MappingSet();
    List<Space> spaces = List.of(new Space(), new Space());
    Set<MappedPage> model = new HashSet<>();
    for (Step step : steps) {
      apply(set, spaces, model, step);
    }
    for (int first = 0; first < 16; first += 3) {
      for (int end = first + 1; end < 17; end += 2) {
        checkInvalidate(set, spaces, model, first, end);
      }
    }
    assertEquals(model.isEmpty(), set.isEmpty());
  }

  private static void apply(MappingSet set, List<Space> spaces, Set<MappedPage> model, Step step) {
    List<MappedPage> pages = new ArrayList<>();
    for (int i = 0; i < step.pageCount(); i++) {
      pages.add(
          new MappedPage(step.space(), step.page() + i, step.offsetPage() + i, step.writable()));
    }
    Set<Integer> changed = new TreeSet<>();
    AddrRange range = range(step.page(), step.pageCount());
    Space space = spaces.get(step.space());
    long offset = (long) step.offsetPage() * PAGE;
    if (step.add() && pages.stream().noneMatch(page -> isTaken(model, page))) {
      pages.stream()
          .map(MappedPage::offsetPage)
          .filter(page -> !isMapped(model, page))
          .forEach(changed::add);
      model.addAll(pages);
      assertEquals(changed, pages(set.addMapping(space, range, offset, step.writable())));
    } else if (!step.add() && model.containsAll(pages)) {
      model.removeAll(pages);
      pages.stream()
          .map(MappedPage::offsetPage)
          .filter(page -> !isMapped(model, page))
          .forEach(changed::add);
      assertEquals(changed, pages(set.removeMapping(space, range, offset, step.writable())));
    }
  }

  /** An address is mapped to one offset at a time. */
  private static boolean isTaken(Set<MappedPage> model, MappedPage page) {
    return model.stream().anyMatch(p -> p.space() == page.space() && p.page() == page.page());
  }

  private static void checkInvalidate(
      MappingSet set, List<Space> spaces, Set<MappedPage> model, int first, int end) {
    MappableRange range = new MappableRange((long) first * PAGE, (long) end * PAGE);
    spaces.forEach(space -> space.pages.clear());
    set.invalidate(range, false);
    boolean writable = false;
    for (int space = 0; space < spaces.size(); space++) {
      List<Integer> expected = new ArrayList<>();
      for (MappedPage page : model) {
        if (page.space() == space && page.offsetPage() >= first && page.offsetPage() < end) {
          expected.add(page.page());
          writable |= page.writable();
        }
      }
      expected.sort(null);
      List<Integer> invalidated = new ArrayList<>(spaces.get(space).pages);
      invalidated.sort(null);
      assertEquals(expected, invalidated);
    }
    assertEquals(writable, set.isMappedWritable(range));
    boolean mapped =
        model.stream().anyMatch(page -> page.offsetPage() >= first && page.offsetPage() < end);
    assertEquals(mapped, set.isMapped(range));
  }
}
