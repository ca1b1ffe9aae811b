package org.usermem.memmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;

class MapOptionsTest {

  private static final Mappable MAPPABLE = (UntrackedMappable) (_, _, _) -> List.of();

  @Test
  void whatIsNotSetIsPrivateAnonymousMemoryAnywhere() {
    MapOptions options = MapOptions.builder(0x3000).build();
    assertEquals(0x3000, options.byteCount());
    assertTrue(options.isAnonymous());
    assertTrue(options.isPrivate());
    assertSame(Placement.ANYWHERE, options.placement());
    assertSame(AccessType.NONE, options.access());
    assertSame(AccessType.ANY, options.maxAccess());
    assertSame(Populate.DEFAULT, options.populate());
    assertSame(LockMode.NONE, options.lockMode());
    assertNull(options.name());
    assertNull(options.identity());
    assertFalse(options.force());
  }

  @Test
  void everyOptionIsKept() {
    MappingIdentity identity = Mockito.mock(MappingIdentity.class);
    MapOptions options =
        MapOptions.builder(0)
            .byteCount(0x1000)
            .mappable(MAPPABLE, identity, 0x2000)
            .at(0x400000, Placement.FIXED_REPLACE)
            .map32Bit(true)
            .access(AccessType.READ)
            .maxAccess(AccessType.READ_WRITE)
            .shared()
            .growsDown(true)
            .stack(true)
            .populate(Populate.COMMIT)
            .lockMode(LockMode.LAZY)
            .noReserve(true)
            .force(true)
            .name("[vdso]")
            .build();
    assertEquals(
        new MapOptions(
            0x1000,
            MAPPABLE,
            identity,
            0x2000,
            Placement.FIXED_REPLACE,
            0x400000,
            true,
            AccessType.READ,
            AccessType.READ_WRITE,
            false,
            true,
            true,
            Populate.COMMIT,
            LockMode.LAZY,
            true,
            true,
            "[vdso]"),
        options);
    assertFalse(options.isAnonymous());
    assertEquals(options, options.toBuilder().build());
    assertTrue(options.toBuilder().isPrivate(true).build().isPrivate());
  }

  @Test
  void aForcedMappingReplaces() {
    for (Placement placement : Placement.values()) {
      MapOptions.Builder builder = MapOptions.builder(0x1000).at(0, placement).force(true);
      if (placement == Placement.FIXED_REPLACE) {
        assertTrue(builder.build().force());
      } else {
        assertThrows(IllegalArgumentException.class, builder::build);
      }
    }
  }

  @Test
  void accessIsWithinTheMostThereMayEverBe() {
    MapOptions.Builder builder =
        MapOptions.builder(0x1000).access(AccessType.WRITE).maxAccess(AccessType.READ);
    assertThrows(IllegalArgumentException.class, builder::build);
  }

  @Test
  void anUntrackedMappableTakesNoNoteOfMappings() {
    MappingSpace space = (_, _) -> {};
    AddrRange range = new AddrRange(0, 0x1000);
    MAPPABLE.addMapping(space, range, 0, true);
    MAPPABLE.copyMapping(space, range, range, 0, true);
    MAPPABLE.removeMapping(space, range, 0, true);
    MappableRange pages = new MappableRange(0, 0x1000);
    assertEquals(List.of(), MAPPABLE.translate(pages, pages, AccessType.READ));
  }
}
