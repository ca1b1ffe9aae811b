package org.usermem.memmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AddrRange;

class MappingSetTest {

  /** Remembers what was invalidated. */
  private static final class Space implements MappingSpace {

    final List<AddrRange> invalidated = new ArrayList<>();
    boolean invalidatedPrivate;

    @Override
    public void invalidate(AddrRange range, boolean invalidatePrivate) {
      invalidated.add(range);
      invalidatedPrivate |= invalidatePrivate;
    }
  }

  private final MappingSet set = new MappingSet();
  private final Space space = new Space();

  private static AddrRange addresses(long start, long end) {
    return new AddrRange(start, end);
  }

  private static MappableRange offsets(long start, long end) {
    return new MappableRange(start, end);
  }

  @Test
  void mappingsTellWhatIsFreshAndWhatIsLeftWithout() {
    assertTrue(set.isEmpty());
    assertEquals(
        List.of(offsets(0x1000, 0x3000)),
        set.addMapping(space, addresses(0x10000, 0x12000), 0x1000, true));
    assertEquals(List.of(), set.addMapping(space, addresses(0x20000, 0x21000), 0x2000, true));
    assertEquals(
        List.of(offsets(0x4000, 0x5000)),
        set.addMapping(space, addresses(0x30000, 0x31000), 0x4000, true));
    assertEquals(
        List.of(offsets(0x3000, 0x4000), offsets(0x5000, 0x6000)),
        set.addMapping(space, addresses(0x12000, 0x15000), 0x3000, true));

    assertEquals(
        List.of(offsets(0x1000, 0x2000)),
        set.removeMapping(space, addresses(0x10000, 0x11000), 0x1000, true));
    assertEquals(List.of(), set.removeMapping(space, addresses(0x20000, 0x21000), 0x2000, true));
    assertEquals(
        List.of(offsets(0x2000, 0x4000), offsets(0x5000, 0x6000)),
        set.removeMapping(space, addresses(0x11000, 0x15000), 0x2000, true));
    assertFalse(set.isEmpty());
    assertEquals(
        List.of(offsets(0x4000, 0x5000)),
        set.removeMapping(space, addresses(0x30000, 0x31000), 0x4000, true));
    assertTrue(set.isEmpty());
  }

  @Test
  void aWholeMappingIsInvalidated() {
    set.addMapping(space, addresses(0x10000, 0x11000), 0, true);
    set.invalidate(offsets(0, 0x1000), false);
    assertEquals(List.of(addresses(0x10000, 0x11000)), space.invalidated);
    assertFalse(space.invalidatedPrivate);
    set.invalidate(offsets(0, 0x1000), true);
    assertTrue(space.invalidatedPrivate);
  }

  @Test
  void aPartOfAMappingIsInvalidated() {
    set.addMapping(space, addresses(0x10000, 0x13000), 0x5000, true);
    set.invalidate(offsets(0x6000, 0x7000), false);
    assertEquals(List.of(addresses(0x11000, 0x12000)), space.invalidated);
    set.invalidate(offsets(0, 0x5000), false);
    set.invalidate(offsets(0x8000, -0x1000L), false);
    set.invalidate(offsets(0x6000, 0x6000), false);
    assertEquals(1, space.invalidated.size());
  }

  @Test
  void allMappingsOfARangeAreInvalidated() {
    Space other = new Space();
    set.addMapping(space, addresses(0x10000, 0x12000), 0, true);
    set.addMapping(other, addresses(0x20000, 0x22000), 0x1000, false);
    set.invalidate(offsets(0x1000, 0x2000), false);
    assertEquals(List.of(addresses(0x11000, 0x12000)), space.invalidated);
    assertEquals(List.of(addresses(0x20000, 0x21000)), other.invalidated);
    set.invalidateAll(true);
    assertEquals(
        Set.of(addresses(0x10000, 0x11000), addresses(0x11000, 0x12000)),
        Set.copyOf(space.invalidated));
    assertEquals(
        List.of(
            addresses(0x20000, 0x21000), addresses(0x20000, 0x21000), addresses(0x21000, 0x22000)),
        other.invalidated);
  }

  @Test
  void writableMappingsAreOthersThanReadOnlyOnes() {
    set.addMapping(space, addresses(0x10000, 0x12000), 0x1000, true);
    assertEquals(List.of(), set.addMapping(space, addresses(0x20000, 0x22000), 0x1000, false));
    assertTrue(set.isMappedWritable(offsets(0x1000, 0x2000)));
    assertThrows(
        IllegalArgumentException.class,
        () -> set.removeMapping(space, addresses(0x10000, 0x12000), 0x1000, false));
    assertEquals(List.of(), set.removeMapping(space, addresses(0x10000, 0x12000), 0x1000, true));
    assertFalse(set.isMappedWritable(offsets(0x1000, 0x3000)));
    assertTrue(set.isMapped(offsets(0x1000, 0x3000)));
  }

  @Test
  void whatIsMappedIsKnownByOffset() {
    set.addMapping(space, addresses(0x10000, 0x12000), 0x2000, true);
    assertFalse(set.isMapped(offsets(0, 0x2000)));
    assertTrue(set.isMapped(offsets(0, 0x2001)));
    assertTrue(set.isMapped(offsets(0x3fff, 0x9000)));
    assertFalse(set.isMapped(offsets(0x4000, 0x9000)));
    assertFalse(set.isMapped(offsets(0x3000, 0x3000)));
    assertFalse(set.isMappedWritable(offsets(0x3000, 0x3000)));
    assertFalse(set.isMappedWritable(offsets(0x4000, 0x9000)));
  }

  @Test
  void neighboursThatContinueOneAnotherAreInvalidatedAtOnce() {
    set.addMapping(space, addresses(0x10000, 0x11000), 0, true);
    set.addMapping(space, addresses(0x12000, 0x13000), 0x2000, true);
    set.addMapping(space, addresses(0x11000, 0x12000), 0x1000, true);
    set.invalidateAll(false);
    assertEquals(List.of(addresses(0x10000, 0x13000)), space.invalidated);
  }

  @Test
  void neighboursThatDoNotContinueOneAnotherStayApart() {
    set.addMapping(space, addresses(0x10000, 0x11000), 0, true);
    set.addMapping(space, addresses(0x10000, 0x11000), 0x1000, true);
    set.invalidateAll(false);
    assertEquals(
        List.of(addresses(0x10000, 0x11000), addresses(0x10000, 0x11000)), space.invalidated);
    MappingSet top = new MappingSet();
    top.addMapping(space, addresses(-0x2000L, -0x1000L), 0, true);
    top.addMapping(space, addresses(0x5000, 0x6000), 0x1000, true);
    space.invalidated.clear();
    top.invalidateAll(false);
    assertEquals(
        List.of(addresses(-0x2000L, -0x1000L), addresses(0x5000, 0x6000)), space.invalidated);
  }

  @Test
  void offsetsAreUnsigned() {
    set.addMapping(space, addresses(0x10000, 0x11000), -0x2000L, true);
    set.addMapping(space, addresses(0x20000, 0x21000), 0, true);
    set.invalidate(offsets(0, -0x1000L), false);
    assertEquals(
        List.of(addresses(0x20000, 0x21000), addresses(0x10000, 0x11000)), space.invalidated);
  }

  @Test
  void removingWhatIsNotMappedChangesNothing() {
    set.addMapping(space, addresses(0x10000, 0x13000), 0x1000, true);
    List<Runnable> wrong =
        List.of(
            () -> set.removeMapping(space, addresses(0x10000, 0x14000), 0x1000, true),
            () -> set.removeMapping(space, addresses(0x10000, 0x11000), 0x2000, true),
            () -> set.removeMapping(new Space(), addresses(0x10000, 0x11000), 0x1000, true),
            () -> set.removeMapping(space, addresses(0xf000, 0x11000), 0, true),
            () -> set.removeMapping(space, addresses(0x10000, 0x11000), 0x8000, true));
    for (Runnable removal : wrong) {
      assertThrows(IllegalArgumentException.class, removal::run);
    }
    set.invalidateAll(false);
    assertEquals(List.of(addresses(0x10000, 0x13000)), space.invalidated);
  }

  @Test
  void everyMappingIsShownWithItsOffset() {
    set.addMapping(space, addresses(0x10000, 0x12000), 0x1000, true);
    set.addMapping(space, addresses(0x20000, 0x21000), 0x2000, false);
    List<String> seen = new ArrayList<>();
    set.forEach(
        (where, range, offset, writable) ->
            seen.add(range + " at " + Long.toHexString(offset) + " " + writable));
    assertEquals(
        Set.of(
            "[0x10000, 0x11000) at 1000 true",
            "[0x11000, 0x12000) at 2000 true",
            "[0x20000, 0x21000) at 2000 false"),
        Set.copyOf(seen));
    assertEquals(3, seen.size());
  }
}
