package org.usermem.addr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any mix of drops and takes does what it does to a plain list of ranges. */
class AddrRangeSeqModelTest {

  /** A drop of so many bytes, or a take. */
  record Step(boolean drop, int byteCount) {}

  @Provide
  Arbitrary<List<AddrRange>> ranges() {
    Arbitrary<AddrRange> range =
        Combinators.combine(
                Arbitraries.longs().between(0, 1 << 20), Arbitraries.longs().between(0, 9))
            .as(AddrRange::of);
    return range.list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(true, true, false), Arbitraries.integers().between(0, 30))
        .as(Step::new)
        .list()
        .ofMaxSize(10);
  }

  private static List<AddrRange> drop(List<AddrRange> ranges, long byteCount) {
    if (byteCount > numBytes(ranges)) {
      return List.of();
    }
    List<AddrRange> rest = new ArrayList<>(ranges);
    if (!rest.isEmpty() && rest.getFirst().isEmpty()) {
      rest.removeFirst();
    }
    long left = byteCount;
    while (left > 0) {
      AddrRange head = rest.removeFirst();
      if (left < head.byteCount()) {
        rest.addFirst(new AddrRange(head.start() + left, head.end()));
        return rest;
      }
      left -= head.byteCount();
    }
    return rest;
  }

  private static List<AddrRange> take(List<AddrRange> ranges, long byteCount) {
    List<AddrRange> taken = new ArrayList<>();
    long left = byteCount;
    for (AddrRange range : ranges) {
      long n = Math.min(left, range.byteCount());
      taken.add(AddrRange.of(range.start(), n));
      left -= n;
    }
    return taken;
  }

  private static long numBytes(List<AddrRange> ranges) {
    return ranges.stream().mapToLong(AddrRange::byteCount).sum();
  }

  private static void assertSameRanges(List<AddrRange> expected, AddrRangeSeq seq) {
    assertEquals(expected.size(), seq.rangeCount());
    assertEquals(numBytes(expected), seq.numBytes());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), seq.range(i));
    }
    assertEquals(AddrRangeSeq.of(expected), seq);
  }

  @Property(seed = "1")
  void dropsAndTakesAreThoseOfAList(
      @ForAll("ranges") List<AddrRange> ranges, @ForAll("steps") List<Step> steps) {
    List<AddrRange> model = ranges;
    AddrRangeSeq seq = AddrRangeSeq.of(ranges);
    assertSameRanges(model, seq);
    for (Step step : steps) {
      model = step.drop() ? drop(model, step.byteCount()) : take(model, step.byteCount());
      seq = step.drop() ? seq.dropFirst(step.byteCount()) : seq.takeFirst(step.byteCount());
      assertSameRanges(model, seq);
    }
    if (!model.isEmpty()) {
      assertEquals(model.getFirst(), seq.head());
      assertSameRanges(model.subList(1, model.size()), seq.tail());
    }
  }

  @Property(seed = "1")
  void aCursorPassesEveryByteOnce(
      @ForAll("ranges") List<AddrRange> ranges, @ForAll("steps") List<Step> steps) {
    AddrRangeSeq seq = AddrRangeSeq.of(ranges);
    List<Long> addresses = new ArrayList<>();
    for (AddrRange range : ranges) {
      for (long addr = range.start(); addr != range.end(); addr++) {
        addresses.add(addr);
      }
    }
    AddrRangeCursor cursor = seq.cursor();
    int passed = 0;
    for (Step step : steps) {
      assertEquals(addresses.size() - passed, cursor.remaining());
      assertEquals(passed == addresses.size(), cursor.isAtEnd());
      for (int i = 0; i < cursor.byteCount(); i++) {
        assertEquals(addresses.get(passed + i), cursor.start() + i);
      }
      assertEquals(cursor.isAtEnd(), cursor.byteCount() == 0);
      int n = (int) Math.min(step.byteCount(), cursor.remaining());
      cursor.advance(n);
      passed += n;
    }
  }
}
