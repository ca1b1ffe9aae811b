package org.usermem.mm.extent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExtentTreeTest {

  private static final class Range extends Extent<Range> {
    private final long guard;

    Range(long start, long end, long guard) {
      super(start, end);
      this.guard = guard;
    }

    @Override
    protected long guardByteCount() {
      return guard;
    }
  }

  /** Toggles what is at a place, then resizes or searches. */
  record Step(int kind, int start, int length, int guard) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 300),
            Arbitraries.integers().between(1, 12),
            Arbitraries.of(0, 0, 0, 3))
        .as(Step::new)
        .list()
        .ofMaxSize(400);
  }

  @Property(tries = 200, seed = "1")
  void isAsAMapOfDisjointRanges(@ForAll("steps") List<Step> steps) {
    ExtentTree<Range> tree = new ExtentTree<>();
    NavigableMap<Long, Range> model = new TreeMap<>();
    for (Step step : steps) {
      apply(tree, model, step);
      check(tree, model);
      checkSearch(tree, model, step);
    }
  }

  private static void apply(ExtentTree<Range> tree, NavigableMap<Long, Range> model, Step step) {
    long start = step.start();
    long end = start + step.length();
    Range first = tree.lowerBound(start);
    if (first == null || first.start() >= end) {
      assertTrue(tree.isFree(start, end));
      Range range = new Range(start, end, step.guard());
      tree.insert(range);
      model.put(start, range);
    } else if (step.kind() == 0) {
      tree.remove(first);
      model.remove(first.start());
    } else {
      resize(tree, model, first, step);
    }
  }

  private static void resize(
      ExtentTree<Range> tree, NavigableMap<Long, Range> model, Range range, Step step) {
    Range before = range.prev();
    Range after = range.next();
    long low = before == null ? 0 : before.end();
    long high = after == null ? range.end() + 20 : after.start();
    long start = step.kind() == 1 ? Math.max(low, range.start() - step.length()) : range.start();
    long end = step.kind() == 2 ? Math.min(high, range.end() + step.length()) : range.end();
    model.remove(range.start());
    tree.resize(range, start, end);
    model.put(start, range);
  }

  private static void check(ExtentTree<Range> tree, NavigableMap<Long, Range> model) {
    assertEquals(model.size(), tree.size());
    assertEquals(model.values().stream().mapToLong(Range::byteCount).sum(), tree.span());
    Range at = tree.first();
    Range before = null;
    for (Range expected : model.values()) {
      assertEquals(expected, at);
      assertEquals(before, expected.prev());
      before = expected;
      at = expected.next();
    }
    assertNull(at);
    assertEquals(before, tree.last());
    assertTrue(height(tree.root()) >= -1);
  }

  /** The height, once balance and summaries are checked. */
  private static int height(@Nullable Range node) {
    if (node == null) {
      return -1;
    }
    int left = height(node.left);
    int right = height(node.right);
    assertTrue(Math.abs(left - right) <= 1, "balance at " + node);
    assertEquals(Math.max(left, right) + 1, node.height);
    long free = node.start - (node.prev == null ? 0 : node.prev.end) - node.guardByteCount();
    assertEquals(Math.max(free, 0), node.gap, "gap before " + node);
    long most = node.gap;
    most = Math.max(most, node.left == null ? 0 : node.left.maxGap);
    most = Math.max(most, node.right == null ? 0 : node.right.maxGap);
    assertEquals(most, node.maxGap, "largest gap below " + node);
    return node.height;
  }

  private static void checkSearch(
      ExtentTree<Range> tree, NavigableMap<Long, Range> model, Step step) {
    long addr = step.start() + 3L;
    Map.Entry<Long, Range> floor = model.floorEntry(addr);
    Range upper = floor == null ? null : floor.getValue();
    assertEquals(upper, tree.upperBound(addr));
    Range containing = upper != null && upper.contains(addr) ? upper : null;
    assertEquals(containing, tree.find(addr));
    Map.Entry<Long, Range> above = model.higherEntry(addr);
    Range lower = above == null ? null : above.getValue();
    assertEquals(containing != null ? containing : lower, tree.lowerBound(addr));
    long low = 20;
    long high = 280;
    assertEquals(
        lowest(model, step.length(), low, high), Gaps.lowest(tree, step.length(), low, high, 1));
    assertEquals(
        highest(model, step.length(), low, high), Gaps.highest(tree, step.length(), low, high, 1));
  }

  private static boolean isRoom(NavigableMap<Long, Range> model, long start, long end) {
    Map.Entry<Long, Range> before = model.lowerEntry(end);
    if (before != null && before.getValue().end() > start) {
      return false;
    }
    Map.Entry<Long, Range> after = model.ceilingEntry(end);
    return after == null || after.getKey() - after.getValue().guardByteCount() >= end;
  }

  private static long lowest(NavigableMap<Long, Range> model, long length, long low, long high) {
    for (long at = low; at + length <= high; at++) {
      if (isRoom(model, at, at + length)) {
        return at;
      }
    }
    return Gaps.NONE;
  }

  private static long highest(NavigableMap<Long, Range> model, long length, long low, long high) {
    for (long at = high - length; at >= low; at--) {
      if (isRoom(model, at, at + length)) {
        return at;
      }
    }
    return Gaps.NONE;
  }

  @Test
  void refusesOverlaps() {
    ExtentTree<Range> tree = new ExtentTree<>();
    tree.insert(new Range(10, 20, 0));
    assertThrows(IllegalStateException.class, () -> tree.insert(new Range(19, 30, 0)));
    Range other = new Range(30, 40, 0);
    tree.insert(other);
    assertThrows(IllegalStateException.class, () -> tree.resize(other, 19, 40));
    assertThrows(IllegalArgumentException.class, () -> new Range(5, 5, 0));
    assertFalse(tree.isFree(0, 11));
    assertEquals(15, tree.spanIn(15, 40));
  }

  @Test
  void alignsWhereTheGapAllowsIt() {
    ExtentTree<Range> tree = new ExtentTree<>();
    tree.insert(new Range(0, 5, 0));
    tree.insert(new Range(50, 60, 0));
    assertEquals(8, Gaps.lowest(tree, 10, 0, 100, 8));
    assertEquals(40, Gaps.highest(tree, 10, 0, 50, 8));
    assertEquals(5, Gaps.lowest(tree, 44, 0, 50, 8));
    assertEquals(6, Gaps.highest(tree, 44, 0, 50, 8));
  }
}
