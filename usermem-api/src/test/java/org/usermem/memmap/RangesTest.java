package org.usermem.memmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;

class RangesTest {

  @Test
  void invertedRangesAreRefusedByName() {
    IllegalArgumentException file =
        assertThrows(IllegalArgumentException.class, () -> new FileRange(2, 1));
    assertTrue(file.getMessage().startsWith("range of the memory file"), file.getMessage());
    IllegalArgumentException mappable =
        assertThrows(IllegalArgumentException.class, () -> new MappableRange(2, 1));
    assertTrue(mappable.getMessage().startsWith("range of a mappable"), mappable.getMessage());
  }

  @Test
  void rangesOfAKindIntersectInThatKind() {
    FileRange file = FileRange.of(0x1000, 0x2000).intersect(new FileRange(0x2000, 0x9000));
    assertEquals(new FileRange(0x2000, 0x3000), file);
    assertEquals("[0x2000, 0x3000)", file.toString());
    MappableRange mappable =
        MappableRange.of(0x1000, 0x2000).intersect(new MappableRange(0x2000, 0x9000));
    assertEquals(new MappableRange(0x2000, 0x3000), mappable);
    assertEquals("[0x2000, 0x3000)", mappable.toString());
    assertThrows(ArithmeticException.class, () -> FileRange.of(-1, 1));
    assertThrows(ArithmeticException.class, () -> MappableRange.of(-1, 1));
  }

  @Test
  void aTranslationIsOfWholePages() {
    MappableRange source = new MappableRange(0x1000, 0x3000);
    Translation translation = new Translation(source, 0x7000, AccessType.READ);
    assertEquals(new FileRange(0x7000, 0x9000), translation.fileRange());
    MappableRange empty = new MappableRange(0x1000, 0x1000);
    MappableRange crooked = new MappableRange(0x1000, 0x1001);
    assertThrows(IllegalArgumentException.class, () -> new Translation(empty, 0, AccessType.READ));
    assertThrows(
        IllegalArgumentException.class, () -> new Translation(crooked, 0, AccessType.READ));
    assertThrows(
        IllegalArgumentException.class, () -> new Translation(source, 0x10, AccessType.READ));
  }
}
