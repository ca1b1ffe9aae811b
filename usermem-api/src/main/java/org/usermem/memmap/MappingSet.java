package org.usermem.memmap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;

/**
 * Which addresses of which spaces a mappable is mapped at: what it needs in order to invalidate.
 * File systems use it to implement {@link Mappable#addMapping} and {@link Mappable#removeMapping}.
 *
 * <p>For example, with [0x10000, 0x12000) of a space mapped to offsets [0, 0x2000), {@code
 * invalidate([0x1000, 0x2000))} invalidates [0x11000, 0x12000) of that space.
 *
 * <p>The set is cut into segments of offsets that have the same mappings all along; neighbours are
 * joined again when their mappings continue one another. So a call costs O(log n) in segments, and
 * the number of mappings of the segments it touches.
 *
 * <p>Thread safety: none; its owner has a lock.
 *
 * <p>Source: {@code pkg/sentry/memmap/mapping_set.go} of gVisor.
 */
public final class MappingSet {

  /** A part of one mapping, as long as the segment that holds it. */
  private record Mapping(MappingSpace space, AddrRange range, boolean writable) {

    Mapping part(long offset, long byteCount) {
      return new Mapping(space, AddrRange.of(range.start() + offset, byteCount), writable);
    }

    /** The mapping that goes on where this ends. */
    Mapping next(long byteCount) {
      return new Mapping(space, AddrRange.of(range.end(), byteCount), writable);
    }

    Mapping joinedWith(Mapping next) {
      return new Mapping(space, new AddrRange(range.start(), next.range.end()), writable);
    }

    // For the same reason as those of AddrRange.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Mapping mapping
          && space.equals(mapping.space)
          && range.equals(mapping.range)
          && writable == mapping.writable;
    }

    @Override
    public int hashCode() {
      return (space.hashCode() * 31 + range.hashCode()) * 31 + Boolean.hashCode(writable);
    }
  }

  private record Segment(MappableRange range, Set<Mapping> mappings) {}

  /** Segments by their start; none is without mappings, and no two overlap. */
  private final NavigableMap<Long, Segment> segments = new TreeMap<>(Addr::compare);

  /** Makes a set without mappings. */
  public MappingSet() {}

  /** Returns whether nothing is mapped. */
  public boolean isEmpty() {
    return segments.isEmpty();
  }

  /** Returns whether an offset of a range is mapped. */
  public boolean isMapped(MappableRange range) {
    return !range.isEmpty() && !overlapping(range).isEmpty();
  }

  /**
   * Returns whether an offset of a range is mapped in a way that lets its bytes be changed.
   *
   * @see Mappable#addMapping
   */
  public boolean isMappedWritable(MappableRange range) {
    return !range.isEmpty()
        && overlapping(range).stream()
            .anyMatch(segment -> segment.mappings().stream().anyMatch(Mapping::writable));
  }

  /**
   * Adds a mapping; arguments are those of {@link Mappable#addMapping}.
   *
   * @return the ranges of offsets that had no mapping before, in order
   */
  public List<MappableRange> addMapping(
      MappingSpace space, AddrRange range, long offset, boolean writable) {
    MappableRange added = MappableRange.of(offset, range.byteCount());
    cutAt(added.start());
    cutAt(added.end());
    List<MappableRange> fresh = new ArrayList<>();
    long at = added.start();
    for (Segment segment : overlapping(added)) {
      addFresh(fresh, at, segment.range().start());
      segment.mappings().add(mappingOf(added, segment.range(), space, range, writable));
      at = segment.range().end();
    }
    addFresh(fresh, at, added.end());
    for (MappableRange gap : fresh) {
      Set<Mapping> mappings = new HashSet<>();
      mappings.add(mappingOf(added, gap, space, range, writable));
      put(new Segment(gap, mappings));
    }
    join(added);
    return fresh;
  }

  private static void addFresh(List<MappableRange> fresh, long start, long end) {
    if (start != end) {
      fresh.add(new MappableRange(start, end));
    }
  }

  /**
   * Removes a mapping, or a part of one; arguments are those of {@link Mappable#removeMapping}.
   *
   * @return the ranges of offsets that have no mapping now, in order; neighbours are one range only
   *     where they had the same mappings
   * @throws IllegalArgumentException if there is no such mapping; nothing is removed
   */
  public List<MappableRange> removeMapping(
      MappingSpace space, AddrRange range, long offset, boolean writable) {
    MappableRange removed = MappableRange.of(offset, range.byteCount());
    cutAt(removed.start());
    cutAt(removed.end());
    List<Segment> touched = overlapping(removed);
    requireMapped(touched, removed, space, range, writable);
    List<MappableRange> unmapped = new ArrayList<>();
    for (Segment segment : touched) {
      segment.mappings().remove(mappingOf(removed, segment.range(), space, range, writable));
      if (segment.mappings().isEmpty()) {
        segments.remove(segment.range().start());
        unmapped.add(segment.range());
      }
    }
    join(removed);
    return unmapped;
  }

  private void requireMapped(
      List<Segment> touched,
      MappableRange removed,
      MappingSpace space,
      AddrRange range,
      boolean writable) {
    long covered = removed.start();
    for (Segment segment : touched) {
      Mapping mapping = mappingOf(removed, segment.range(), space, range, writable);
      if (segment.range().start() == covered && segment.mappings().contains(mapping)) {
        covered = segment.range().end();
      }
    }
    if (covered != removed.end()) {
      join(removed);
      throw new IllegalArgumentException(
          "no mapping of " + removed + " at " + range + " beyond " + Addr.toString(covered));
    }
  }

  /** Invalidates all mappings of some offsets; see {@link MappingSpace#invalidate}. */
  public void invalidate(MappableRange range, boolean invalidatePrivate) {
    if (range.isEmpty()) {
      return;
    }
    for (Segment segment : overlapping(range)) {
      MappableRange common = segment.range().intersect(range);
      long skipped = common.start() - segment.range().start();
      for (Mapping mapping : segment.mappings()) {
        mapping
            .space()
            .invalidate(mapping.part(skipped, common.byteCount()).range(), invalidatePrivate);
      }
    }
  }

  /** Invalidates all mappings; see {@link MappingSpace#invalidate}. */
  public void invalidateAll(boolean invalidatePrivate) {
    for (Segment segment : List.copyOf(segments.values())) {
      for (Mapping mapping : segment.mappings()) {
        mapping.space().invalidate(mapping.range(), invalidatePrivate);
      }
    }
  }

  /** Takes mappings one by one. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes a mapping, or a part of one; arguments are those of {@link Mappable#addMapping}. */
    void visit(MappingSpace space, AddrRange range, long offset, boolean writable);
  }

  /**
   * Shows all mappings, in order of their offsets and perhaps in parts. A mappable that hands over
   * to another one tells it of its mappings so. The visitor must not change the set.
   */
  public void forEach(Visitor visitor) {
    for (Segment segment : segments.values()) {
      for (Mapping mapping : segment.mappings()) {
        visitor.visit(
            mapping.space(), mapping.range(), segment.range().start(), mapping.writable());
      }
    }
  }

  private static Mapping mappingOf(
      MappableRange whole,
      MappableRange part,
      MappingSpace space,
      AddrRange range,
      boolean writable) {
    long start = range.start() + (part.start() - whole.start());
    return new Mapping(space, AddrRange.of(start, part.byteCount()), writable);
  }

  /** The segments that have an offset of a range, in order, as they are now. */
  private List<Segment> overlapping(MappableRange range) {
    Map.Entry<Long, Segment> first = segments.floorEntry(range.start());
    Long from =
        first != null && first.getValue().range().overlaps(range) ? first.getKey() : range.start();
    return new ArrayList<>(segments.subMap(from, true, range.end(), false).values());
  }

  private void put(Segment segment) {
    segments.put(segment.range().start(), segment);
  }

  /** Makes an offset a border between segments. */
  private void cutAt(long offset) {
    Map.Entry<Long, Segment> entry = segments.lowerEntry(offset);
    if (entry == null || !entry.getValue().range().canSplitAt(offset)) {
      return;
    }
    MappableRange range = entry.getValue().range();
    MappableRange left = new MappableRange(range.start(), offset);
    MappableRange right = new MappableRange(offset, range.end());
    Set<Mapping> leftMappings = new HashSet<>();
    Set<Mapping> rightMappings = new HashSet<>();
    for (Mapping mapping : entry.getValue().mappings()) {
      leftMappings.add(mapping.part(0, left.byteCount()));
      rightMappings.add(mapping.part(left.byteCount(), right.byteCount()));
    }
    put(new Segment(left, leftMappings));
    put(new Segment(right, rightMappings));
  }

  /** Joins the segments in and next to a range, where one continues the other. */
  private void join(MappableRange range) {
    Map.Entry<Long, Segment> start = segments.lowerEntry(range.start());
    Map.Entry<Long, Segment> left = start != null ? start : segments.ceilingEntry(range.start());
    while (left != null && !Addr.lessThan(range.end(), left.getKey())) {
      Map.Entry<Long, Segment> right = segments.higherEntry(left.getKey());
      if (right == null) {
        return;
      }
      left = joined(left.getValue(), right.getValue()) ? segments.floorEntry(left.getKey()) : right;
    }
  }

  private boolean joined(Segment left, Segment right) {
    if (left.range().end() != right.range().start()
        || left.mappings().size() != right.mappings().size()) {
      return false;
    }
    Set<Mapping> mappings = new HashSet<>();
    long byteCount = right.range().byteCount();
    for (Mapping mapping : left.mappings()) {
      if (Addr.addOverflows(mapping.range().end(), byteCount)) {
        return false;
      }
      Mapping next = mapping.next(byteCount);
      if (!right.mappings().contains(next)) {
        return false;
      }
      mappings.add(mapping.joinedWith(next));
    }
    segments.remove(right.range().start());
    put(new Segment(new MappableRange(left.range().start(), right.range().end()), mappings));
    return true;
  }
}
